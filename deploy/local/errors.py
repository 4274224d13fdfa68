"""What can go wrong with the local stack, said so that the reader knows what to do next."""


class StackError(Exception):
    """The local stack cannot do what was asked. The message says why and how to mend it."""
