with open(__file__, "w") as file:
    file.write("print(0)")
print(7)
