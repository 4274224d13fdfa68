for number in range(20):
    with open(f"/tmp/{number}", "wb") as file:
        file.write(b"x" * 8_000_000)
import time

time.sleep(1)
