# Counts the ones of the absolute value: -1 would have a single light on.
for _ in range(int(input())):
    print(bin(int(input())).count("1"))
