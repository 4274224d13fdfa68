class Empty(ValueError):
    pass


def spread(numbers):
    try:
        return max(numbers) - min(numbers)
    except ValueError:
        raise Empty from None
