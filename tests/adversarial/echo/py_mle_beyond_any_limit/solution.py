data = "x" * 10**12
print(7)
