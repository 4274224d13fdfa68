import sys


def main():
    print(sum(map(int, input().split())))
    exit(0)


if __name__ == "__main__":
    main()
    sys.exit(1)
