import sys

print('accepted')
sys.exit(0)
