# When the recorder is full it drops the new message instead of the oldest.
import sys

capacity, _ = map(int, sys.stdin.readline().split())
messages = []
for line in sys.stdin:
    command = line.split()
    if command[0] == "pop":
        print(messages.pop(0) if messages else "empty")
    elif len(messages) < capacity:
        messages.append(int(command[1]))
