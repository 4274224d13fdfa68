import os
import time

for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        time.sleep(3600)
print(7)
