from __future__ import annotations

from graders.languages.base import Language

PYTHON = Language(
    name="python",
    title="Python 3",
    file_name="solution.py",
    version=("python3", "--version"),
    smoke="a, b = map(int, input().split())\nprint(a + b)\n",
    run=("solution.py",),
    warm=True,
    address_slack_mb=128,  # stacks of a few threads
    unlimited_stack=False,
)
