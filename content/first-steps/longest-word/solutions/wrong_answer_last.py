def longest(text):
    found = ""
    for word in text.split():
        if len(word) >= len(found):
            found = word
    return found
