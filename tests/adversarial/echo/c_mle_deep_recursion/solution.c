#include <stdio.h>

static int depth(volatile int n) { volatile char pad[1000]; pad[0] = 1; return n < 0 ? pad[0] : depth(n + 1) + pad[0]; }

int main(void) {
    printf("%d\n", depth(0));
    return 0;
}
