from __future__ import annotations

from graders.languages.base import Language


def _cpp(name: str, standard: str) -> Language:
    return Language(
        name=name,
        title=f"C++ {standard} (g++)",
        file_name="solution.cpp",
        version=("g++", "-dumpfullversion"),
        compile=("g++", f"-std=gnu++{standard}", "-O2", "-pipe", "-o", "solution", "solution.cpp"),
        artifact="solution",
        header="bits/stdc++.h",
        run=("./solution",),
        smoke="""#include <iostream>
int main() { int a, b; std::cin >> a >> b; std::cout << a + b << "\\n"; }
""",
    )


CPP = _cpp("cpp", "17")
CPP20 = _cpp("cpp20", "20")
