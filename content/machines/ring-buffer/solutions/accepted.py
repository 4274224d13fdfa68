import sys
from collections import deque

capacity, _ = map(int, sys.stdin.readline().split())
messages = deque()
for line in sys.stdin:
    command = line.split()
    if command[0] == "pop":
        print(messages.popleft() if messages else "empty")
    else:
        messages.append(int(command[1]))
        if len(messages) > capacity:
            messages.popleft()
