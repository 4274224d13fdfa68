"""A page of the documentation as what it is: commands to type, and what they print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
DURATION = re.compile(r"\d+ (of \d+ )?ms")


@dataclass(frozen=True, slots=True)
class Step:
    """What is typed, and the lines that the page shows of the answer; `...` stands for what it leaves out."""

    typed: str
    shown: tuple[str, ...]

    def commands(self) -> Iterator[str]:
        """Each `./flask` command by itself; what stands between them together."""
        for is_flask, lines in groupby(self.typed.splitlines(), lambda line: line.startswith("./flask ")):
            if is_flask:
                yield from lines
            else:
                yield "\n".join(lines)

    def missing(self, said: str) -> str | None:
        """The first line that the page shows and the output has not after those before it."""
        lines = iter(map(_comparable, said.splitlines()))
        return next((line for line in self.shown if line != "..." and _comparable(line) not in lines), None)


def steps(page: str) -> list[Step]:
    """The page's `sh` blocks, each with the `text` block that follows it before the next."""
    found: list[Step] = []
    for block in FENCE.finditer(page):
        if block["kind"] == "sh":
            found.append(Step(block["body"], ()))
        elif block["kind"] == "text":
            found[-1] = Step(found[-1].typed, tuple(block["body"].splitlines()))
    return found


def _comparable(line: str) -> str:
    """Without what differs from run to run."""
    return DURATION.sub("# ms", line).rstrip()
