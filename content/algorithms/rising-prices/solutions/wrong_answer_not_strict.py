# bisect_right lets a price follow an equal one.
from bisect import bisect_right

input()
lowest_end = []
for price in map(int, input().split()):
    place = bisect_right(lowest_end, price)
    lowest_end[place : place + 1] = [price]
print(len(lowest_end))
