def spreads(numbers):
    return 0
