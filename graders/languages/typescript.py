from __future__ import annotations

from dataclasses import replace

from graders.languages.javascript import JAVASCRIPT

STRIP = "--experimental-strip-types"  # Node.js 22.6 and newer run TypeScript by leaving out its types

TYPESCRIPT = replace(
    JAVASCRIPT,
    name="typescript",
    title="TypeScript (Node.js, types unchecked)",
    file_name="solution.ts",
    version=("node", STRIP, "--version"),
    run=("node", STRIP, "--no-warnings", *JAVASCRIPT.run[1:-1], "solution.ts"),
    smoke="""const [a, b]: number[] = require("fs").readFileSync(0, "utf8").trim().split(" ").map(Number);
console.log(a + b);
""",
)
