import os

for _ in range(200):
    os.mkdir("deep")
    os.chdir("deep")
print(7)
