with open("/box/huge", "wb") as file:
    file.truncate(10**12)
print(7)
