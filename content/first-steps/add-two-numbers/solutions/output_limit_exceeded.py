# Forgets to stop.
import sys

a, b = map(int, sys.stdin.read().split())
while True:
    print(a + b)
