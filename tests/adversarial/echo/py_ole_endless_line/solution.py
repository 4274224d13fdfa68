import os

while True:
    os.write(1, b"7" * 4096)
