from __future__ import annotations

from graders.languages.base import Language

C = Language(
    name="c",
    title="C 17 (gcc)",
    file_name="solution.c",
    version=("gcc", "-dumpfullversion"),
    compile=("gcc", "-std=gnu17", "-O2", "-pipe", "-o", "solution", "solution.c", "-lm"),
    artifact="solution",
    run=("./solution",),
    smoke="""#include <stdio.h>
int main(void) { int a, b; if (scanf("%d %d", &a, &b) == 2) printf("%d\\n", a + b); return 0; }
""",
)
