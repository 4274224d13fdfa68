import time

time.sleep(0.2)
print(sum(map(int, input().split())))
