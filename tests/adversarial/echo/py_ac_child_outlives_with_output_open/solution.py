import os
import time

print(7, flush=True)
if os.fork() == 0:
    time.sleep(3600)
os._exit(0)
