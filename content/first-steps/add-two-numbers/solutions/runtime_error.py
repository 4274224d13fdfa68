# Expects both numbers on the first line.
a, b = map(int, input().split())
print(a + b)
