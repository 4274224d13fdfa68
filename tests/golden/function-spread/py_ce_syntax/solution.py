def spread(numbers)
    return 0
