#include <stdio.h>

int main(void) {
    int items, quantity, euros, cents;
    long long total = 0;
    if (scanf("%d", &items) != 1) return 1;
    while (items-- > 0 && scanf("%d %d.%d", &quantity, &euros, &cents) == 3)
        total += (long long)quantity * (euros * 100 + cents);
    printf("%lld.%02lld\n", total / 100, total % 100);
    return 0;
}
