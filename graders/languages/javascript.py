from __future__ import annotations

from graders.languages.base import Language

JAVASCRIPT = Language(
    name="javascript",
    title="JavaScript (Node.js)",
    file_name="solution.js",
    version=("node", "--version"),
    run=("node", "--stack-size=4000", "--max-old-space-size={memory_mb}", "solution.js"),
    smoke="""const [a, b] = require("fs").readFileSync(0, "utf8").trim().split(" ").map(Number);
console.log(a + b);
""",
    time_factor=1.5,
    address_slack_mb=None,
    memory_extra_mb=64,  # what an empty program takes
    processes_extra=16,
    unlimited_stack=False,
)
