numbers = [0] * 100_000_000
print(sum(map(int, input().split())))
