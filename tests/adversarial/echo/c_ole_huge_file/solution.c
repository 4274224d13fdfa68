#include <stdio.h>
#include <string.h>

int main(void) {
    static char block[1 << 16];
    FILE *file = fopen("/box/huge", "w");
    fseek(file, 1L << 40, SEEK_SET);
    memset(block, 1, sizeof block);
    for (;;) fwrite(block, 1, sizeof block, file);
}
