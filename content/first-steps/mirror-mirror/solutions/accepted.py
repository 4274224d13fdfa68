for _ in range(int(input())):
    letters = [char for char in input().lower() if char.isalnum()]
    print("yes" if letters == letters[::-1] else "no")
