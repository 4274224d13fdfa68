from __future__ import annotations

from graders.languages.base import Language

BASH = Language(
    name="bash",
    title="Bash",
    file_name="solution.sh",
    version=("bash", "-c", "echo $BASH_VERSION"),
    run=("bash", "solution.sh"),
    smoke="read a b\necho $((a + b))\n",
)
