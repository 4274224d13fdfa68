# Makes room for a billion messages before the first one arrives.
import sys

capacity, _ = map(int, sys.stdin.readline().split())
ring = [0] * capacity
first = held = 0
for line in sys.stdin:
    command = line.split()
    if command[0] == "pop":
        if not held:
            print("empty")
            continue
        print(ring[first])
        first, held = (first + 1) % capacity, held - 1
    else:
        ring[(first + held) % capacity] = int(command[1])
        if held < capacity:
            held += 1
        else:
            first = (first + 1) % capacity
