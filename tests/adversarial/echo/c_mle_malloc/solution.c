#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    (void)argv;
    volatile char *data = malloc(400 << 20);
    for (long i = 0; i < 400 << 20; i += 4096) data[i] = (char)argc;
    puts(data[4096] ? "7" : "8");
    return 0;
}
