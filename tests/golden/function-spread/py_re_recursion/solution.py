def spread(numbers):
    return spread(numbers)
