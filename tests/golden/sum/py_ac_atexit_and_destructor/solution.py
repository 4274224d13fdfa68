import atexit

a, b = map(int, input().split())


class Farewell:
    def __del__(self):
        print(" ", end="")


atexit.register(lambda: print(a + b, end=""))
farewell = Farewell()
