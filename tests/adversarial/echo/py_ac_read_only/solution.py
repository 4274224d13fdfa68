import os

won = []
for place in ("/", "/usr", "/usr/bin", "/etc", "/dev", "/supervisor", "/proc", "/usr/lib/python3"):
    try:
        open(os.path.join(place, "mine"), "w").close()
        won.append(place)
    except OSError:
        pass
print(won or 7)
