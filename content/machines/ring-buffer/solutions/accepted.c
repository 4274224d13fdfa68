#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int capacity, commands, value;
    char word[8];
    if (scanf("%d %d", &capacity, &commands) != 2) return 1;
    /* There are never more messages than commands. */
    int room = capacity < commands ? capacity : commands;
    int *ring = malloc(sizeof *ring * (size_t)room);
    int first = 0, held = 0;
    while (ring && commands-- > 0 && scanf("%7s", word) == 1) {
        if (word[1] == 'o') { /* pop */
            if (!held) {
                puts("empty");
                continue;
            }
            printf("%d\n", ring[first]);
            first = (first + 1) % room;
            held--;
        } else if (scanf("%d", &value) == 1) {
            ring[(first + held) % room] = value;
            if (held < room) held++;
            else first = (first + 1) % room;
        }
    }
    free(ring);
    return 0;
}
