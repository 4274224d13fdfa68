import os

HIDDEN = ("/etc/passwd", "/etc/shadow", "/etc/hosts", "/root", "/home", "/var", "/run", "/sys", "/work", "/proc/kcore")
seen = [path for path in HIDDEN if os.path.exists(path) and (os.path.isdir(path) or os.access(path, os.R_OK))]
print(seen or 7)
