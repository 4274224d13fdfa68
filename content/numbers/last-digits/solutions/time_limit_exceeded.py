# Multiplies b times.
for _ in range(int(input())):
    base, exponent, modulus = map(int, input().split())
    result = 1 % modulus
    for _ in range(exponent):
        result = result * base % modulus
    print(result)
