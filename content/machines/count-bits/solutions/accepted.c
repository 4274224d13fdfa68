#include <inttypes.h>
#include <stdio.h>

int main(void) {
    int count;
    int64_t number;
    if (scanf("%d", &count) != 1) return 1;
    while (count-- > 0 && scanf("%" SCNd64, &number) == 1) {
        int lights = 0;
        /* Each round switches the lowest light off. */
        for (uint64_t bits = (uint64_t)number; bits; bits &= bits - 1) lights++;
        printf("%d\n", lights);
    }
    return 0;
}
