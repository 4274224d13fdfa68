import os

number = 0
while True:
    os.mknod(f"/tmp/{number}")
    number += 1
