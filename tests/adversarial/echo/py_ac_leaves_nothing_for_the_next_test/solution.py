import os

found = []
for place in ("/box", "/tmp", "/dev/shm"):
    path = os.path.join(place, "left")
    if os.path.lexists(path):
        found.append(path)
    os.symlink("/etc/passwd", path)
    os.mkfifo(path + ".fifo")
    os.mkdir(path + ".dir", 0o000)
    os.chmod(place, 0o000)
print(found or 7)
