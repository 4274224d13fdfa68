# Takes each price that is higher than the last one taken; never reconsiders. Tries every start, and still fails.
input()
prices = [int(word) for word in input().split()]
best = 0
for start in range(min(len(prices), 50)):
    last, length = prices[start], 1
    for price in prices[start + 1 :]:
        if price > last:
            last, length = price, length + 1
    best = max(best, length)
print(best)
