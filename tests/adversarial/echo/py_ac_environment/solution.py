import os

print(7 if set(os.environ) <= {"PATH", "LANG", "HOME", "PWD"} else dict(os.environ))
