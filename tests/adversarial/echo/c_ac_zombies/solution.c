#include <stdio.h>
#include <unistd.h>

int main(void) {
    int made = 0;
    for (int i = 0; i < 1000; i++) {
        int pid = fork();
        if (pid == 0) _exit(0);
        made += pid > 0;
    }
    puts(made < 20 ? "7" : "too many");
    return 0;
}
