for guess in range(1000, 0, -1):
    print(guess, flush=True)
    if input() == "=":
        break
