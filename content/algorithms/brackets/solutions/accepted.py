def first_wrong(line):
    partner = {")": "(", "]": "[", "}": "{"}
    still_open = []
    for position, char in enumerate(line, 1):
        if char in "([{":
            still_open.append(char)
        elif char in partner and (not still_open or still_open.pop() != partner[char]):
            return position
    return len(line) + 1 if still_open else "balanced"


print(first_wrong(input()))
