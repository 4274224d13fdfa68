# Right, but compares each day with every earlier one: 200 million comparisons in the long group.
input()
prices = [int(word) for word in input().split()]
length = []
for day, price in enumerate(prices):
    longest = 0
    for earlier in range(day):
        if prices[earlier] < price and length[earlier] > longest:
            longest = length[earlier]
    length.append(longest + 1)
print(max(length))
