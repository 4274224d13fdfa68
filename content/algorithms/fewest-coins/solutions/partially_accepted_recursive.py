# Right, but it solves the same small amounts again and again: good for the first group only.
import sys

sys.setrecursionlimit(100_000)
kinds, amount = map(int, input().split())
coins = [int(word) for word in input().split()]


def fewest(total):
    if total == 0:
        return 0
    counts = [fewest(total - coin) for coin in coins if coin <= total]
    reachable = [count + 1 for count in counts if count is not None]
    return min(reachable, default=None)


answer = fewest(amount)
print(-1 if answer is None else answer)
