#include <stdio.h>

static volatile char data[1 << 30] = {1};

int main(void) {
    puts(data[5] ? "8" : "7");
    return 0;
}
