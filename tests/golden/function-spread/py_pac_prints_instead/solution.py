def spread(numbers):
    print(max(numbers) - min(numbers))
