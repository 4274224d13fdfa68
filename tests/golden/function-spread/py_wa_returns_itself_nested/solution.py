def spread(numbers):
    nested = []
    for _ in range(100):
        nested = [nested]
    return nested
