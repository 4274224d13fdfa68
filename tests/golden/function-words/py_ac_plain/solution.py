def count(text):
    if not isinstance(text, str):
        raise TypeError
    return {word: text.split().count(word) for word in text.split()}
