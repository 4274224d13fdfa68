# Drops the blanks, keeps the commas.
for _ in range(int(input())):
    letters = input().lower().replace(" ", "")
    print("yes" if letters == letters[::-1] else "no")
