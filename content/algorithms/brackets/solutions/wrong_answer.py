# Counts each kind for itself, so it finds nothing wrong with ([)].
line = input()
counts = {"(": 0, "[": 0, "{": 0}
partner = {")": "(", "]": "[", "}": "{"}
answer = None
for position, char in enumerate(line, 1):
    if char in counts:
        counts[char] += 1
    elif char in partner:
        counts[partner[char]] -= 1
        if counts[partner[char]] < 0 and answer is None:
            answer = position
if answer is None:
    answer = len(line) + 1 if any(counts.values()) else "balanced"
print(answer)
