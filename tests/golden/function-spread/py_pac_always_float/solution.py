def spread(numbers):
    return float(max(numbers) - min(numbers))
