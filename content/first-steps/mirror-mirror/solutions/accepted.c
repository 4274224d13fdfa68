#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int reads_the_same(const char *line) {
    int left = 0, right = (int)strlen(line) - 1;
    while (left < right) {
        if (!isalnum((unsigned char)line[left])) left++;
        else if (!isalnum((unsigned char)line[right])) right--;
        else if (tolower((unsigned char)line[left++]) != tolower((unsigned char)line[right--])) return 0;
    }
    return 1;
}

int main(void) {
    static char line[1100];
    int count;
    if (!fgets(line, sizeof line, stdin) || sscanf(line, "%d", &count) != 1) return 1;
    while (count-- > 0 && fgets(line, sizeof line, stdin)) puts(reads_the_same(line) ? "yes" : "no");
    return 0;
}
