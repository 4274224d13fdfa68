answer = input()
print(1)
