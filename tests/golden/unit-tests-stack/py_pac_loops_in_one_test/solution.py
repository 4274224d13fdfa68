class Empty(LookupError):
    pass


class Stack:
    def __init__(self):
        self.things = []

    def push(self, thing):
        self.things.append(thing)

    def pop(self):
        if not self.things:
            raise Empty("nothing to pop")
        return self.things.pop()

    def matching(self, wanted):
        return (thing for thing in self if wanted(thing))

    def __iter__(self):
        return reversed(self.things)

    def __len__(self):
        return len(self.things)

    def __eq__(self, other):
        return isinstance(other, Stack) and self.things == other.things


def sort_in_place(numbers):
    while True:
        pass


def greet():
    print("Hello, " + input("Your name? "))
