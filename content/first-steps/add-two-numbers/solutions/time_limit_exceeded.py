# Counts up from a, one at a time: fine for small numbers, hopeless for 10^12.
import sys

a, b = sorted(map(int, sys.stdin.read().split()))
step = 1 if b > 0 else -1
while b:
    a += step
    b -= step
print(a)
