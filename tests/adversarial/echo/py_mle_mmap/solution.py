import mmap

memory = mmap.mmap(-1, 200 * 1024 * 1024)
for offset in range(0, len(memory), 4096):
    memory[offset] = 1
print(7)
