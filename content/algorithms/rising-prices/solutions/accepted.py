from bisect import bisect_left

input()
# lowest_end[k]: the lowest price that a rising selection of k + 1 days can end with.
lowest_end = []
for price in map(int, input().split()):
    place = bisect_left(lowest_end, price)
    lowest_end[place : place + 1] = [price]
print(len(lowest_end))
