#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    printf("%ld\n", syscall(0x40000000L | SYS_getpid));
    puts("7");
    return 0;
}
