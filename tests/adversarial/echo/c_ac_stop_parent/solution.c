#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    kill(getppid(), SIGSTOP);
    kill(1, SIGSTOP);
    puts("7");
    return 0;
}
