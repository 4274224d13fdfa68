def prime(number):
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


number = int(input())
print(*next((one, number - one) for one in range(number - 2, 1, -1) if prime(one) and prime(number - one)))
