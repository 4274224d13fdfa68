/* Keeps 32 of the 64 bits: the upper half of the panel stays dark. */
#include <inttypes.h>
#include <stdio.h>

int main(void) {
    int count;
    int64_t number;
    if (scanf("%d", &count) != 1) return 1;
    while (count-- > 0 && scanf("%" SCNd64, &number) == 1) {
        uint32_t bits = (uint32_t)number;
        int lights = 0;
        for (int bit = 0; bit < 32; bit++) lights += (bits & (1u << bit)) != 0;
        printf("%d\n", lights);
    }
    return 0;
}
