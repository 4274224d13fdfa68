data = []
while True:
    data.append(bytearray(b"x" * 100_000))
