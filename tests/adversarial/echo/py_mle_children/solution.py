import os
import time

for _ in range(5):
    if os.fork() == 0:
        data = bytearray(b"x" * 25_000_000)
        time.sleep(1)
        os._exit(0)
time.sleep(1.2)
print(7)
