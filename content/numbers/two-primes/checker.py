"""Accepts any two primes with the sum that the input asks for. Exit code 42 accepts, 43 rejects."""

import sys


def refuse(reason):
    with open(sys.argv[3] + "teammessage.txt", "w") as file:
        file.write(reason)
    sys.exit(43)


def prime(number):
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


with open(sys.argv[1]) as file:
    wanted = int(file.read())
words = sys.stdin.read().split()
if len(words) != 2 or not all(word.isdecimal() and len(word) < 8 for word in words):
    refuse("two numbers, please")
one, two = map(int, words)
if one + two != wanted:
    refuse(f"{one} + {two} is not {wanted}")
if not prime(one) or not prime(two):
    refuse("not both are prime")
sys.exit(42)
