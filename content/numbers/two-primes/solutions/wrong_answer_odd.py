number = int(input())
print(3, number - 3)
