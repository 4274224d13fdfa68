def spread(numbers):
    if not numbers:
        raise ValueError('no numbers')
    return max(numbers) - min(numbers)
