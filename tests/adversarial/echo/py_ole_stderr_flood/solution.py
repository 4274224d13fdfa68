import sys

print(7)
while True:
    sys.stderr.write("x" * 1000)
