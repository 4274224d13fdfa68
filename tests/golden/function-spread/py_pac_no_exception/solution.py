def spread(numbers):
    return max(numbers) - min(numbers) if numbers else 0
