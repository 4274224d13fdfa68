import nothing_like_this


def spread(numbers):
    return 0
