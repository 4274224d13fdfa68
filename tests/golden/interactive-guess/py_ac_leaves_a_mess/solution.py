import os

for depth in range(1, 40):
    os.makedirs('/'.join('d' * depth), exist_ok=True)
low, high = 1, 1000
while True:
    guess = (low + high) // 2
    print(guess, flush=True)
    answer = input()
    if answer == "=":
        break
    if answer == "<":
        high = guess - 1
    else:
        low = guess + 1
