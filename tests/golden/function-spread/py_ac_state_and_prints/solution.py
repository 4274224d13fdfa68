calls = []
print('loaded')


def spread(numbers):
    calls.append(numbers)
    print('call', len(calls))
    return max(numbers) - min(numbers)


if __name__ == '__main__':
    raise SystemExit('a module is imported')
