import sys

number = int(input())
print(1, number - 1)
sys.exit(42)
