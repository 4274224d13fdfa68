import threading

a, b = map(int, input().split())
threads = [threading.Thread(target=lambda: None) for _ in range(5)]
for thread in threads:
    thread.start()
threading.Timer(0.05, lambda: print(a + b)).start()
