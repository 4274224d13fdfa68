#include <stdio.h>
int main(void) {
    int low = 1, high = 1000;
    char answer = 0;
    while (answer != '=') {
        int guess = (low + high) / 2;
        printf("%d\n", guess);
        fflush(stdout);
        if (scanf(" %c", &answer) != 1) return 1;
        if (answer == '<') high = guess - 1;
        else low = guess + 1;
    }
    return 0;
}
