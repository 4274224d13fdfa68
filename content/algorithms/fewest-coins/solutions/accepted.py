kinds, amount = map(int, input().split())
coins = [int(word) for word in input().split()]

unreachable = amount + 1
fewest = [0] + [unreachable] * amount
for total in range(1, amount + 1):
    fewest[total] = 1 + min((fewest[total - coin] for coin in coins if coin <= total), default=unreachable)
print(fewest[amount] if fewest[amount] <= amount else -1)
