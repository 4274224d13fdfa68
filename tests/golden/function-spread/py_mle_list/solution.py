def spread(numbers):
    return len([0] * 10**8)
