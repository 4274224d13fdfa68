def add(a, b):
    if isinstance(a, list):
        a[:] = b[:] = [1, 2]
    return None
