# Starts from 1, which is no remainder when dividing by 1.
for _ in range(int(input())):
    base, exponent, modulus = map(int, input().split())
    result = 1
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    print(result)
