def spread(numbers):
    return str(max(numbers) - min(numbers)) if numbers else None
