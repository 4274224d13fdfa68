"""Holds a number, answers at most 20 guesses. 42: it was found; 43: it was not, or nonsense was said."""

import sys

TRIES = 20


def refuse(reason):
    with open(sys.argv[3] + "teammessage.txt", "w") as file:
        file.write(reason)
    sys.exit(43)


with open(sys.argv[1]) as file:
    secret = int(file.read())
for _ in range(TRIES):
    line = sys.stdin.readline().strip()
    if not line.isdecimal() or len(line) > 9:
        refuse("that was no guess")
    guess = int(line)
    print("found" if guess == secret else "lower" if secret < guess else "higher", flush=True)
    if guess == secret:
        sys.exit(42)
refuse(f"not found with {TRIES} guesses")
