for guess in range(10, 0, -1):
    print(guess, flush=True)
    if input() == "found":
        break
