numbers = list(map(int, input().split()))
print('mean', sum(numbers) / len(numbers))
