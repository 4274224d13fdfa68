def longest(text):
    return max(text.split(), key=len)
