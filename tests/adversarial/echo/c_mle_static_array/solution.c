#include <stdio.h>
#include <string.h>

static char data[400 << 20];

int main(int argc, char **argv) {
    (void)argv;
    memset(data, argc, sizeof data);
    puts(data[12345] ? "7" : "8");
    return 0;
}
