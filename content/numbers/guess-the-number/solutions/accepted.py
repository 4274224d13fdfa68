low, high, answer = 1, 1_000_000, ""
while answer != "found":
    guess = (low + high) // 2
    print(guess, flush=True)
    answer = input()
    if answer == "lower":
        high = guess - 1
    elif answer == "higher":
        low = guess + 1
