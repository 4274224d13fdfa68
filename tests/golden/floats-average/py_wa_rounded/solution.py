numbers = list(map(int, input().split()))
print('mean', round(sum(numbers) / len(numbers), 2))
