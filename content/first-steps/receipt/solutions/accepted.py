total = 0
for _ in range(int(input())):
    quantity, price = input().split()
    euros, cents = price.split(".")
    total += int(quantity) * (int(euros) * 100 + int(cents))
print(f"{total // 100}.{total % 100:02}")
