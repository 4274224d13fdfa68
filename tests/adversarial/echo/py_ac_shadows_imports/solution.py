for name in ("json", "os", "collections", "select", "inside"):
    with open(f"/box/{name}.py", "w") as file:
        file.write("print(0)")
print(7)
