import sys

sys.stdout.write("7\0\n")
