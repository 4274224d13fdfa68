data = bytearray(10**9)
