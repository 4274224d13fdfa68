import threading
import time

started = 0
try:
    while started < 1000:
        threading.Thread(target=time.sleep, args=(0.1,), daemon=True).start()
        started += 1
except RuntimeError:
    print(7)
