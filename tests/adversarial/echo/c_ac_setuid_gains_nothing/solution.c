#include <stdio.h>
#include <unistd.h>

int main(void) {
    puts(setuid(0) == -1 && setgid(0) == -1 && geteuid() != 0 ? "7" : "root");
    return 0;
}
