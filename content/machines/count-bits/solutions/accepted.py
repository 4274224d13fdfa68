REGISTER = (1 << 64) - 1

for _ in range(int(input())):
    print((int(input()) & REGISTER).bit_count())
