for guess in range(1, 1_000_001):
    print(guess, flush=True)
    if input() == "found":
        break
