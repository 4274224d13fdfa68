import time

try:
    for number in range(20):
        with open(f"/tmp/{number}", "wb") as file:
            file.write(b"x" * 8_000_000)
except OSError:
    pass  # full; what was written stays, and counts
time.sleep(1)
