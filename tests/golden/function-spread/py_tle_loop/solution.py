def spread(numbers):
    while True:
        pass
