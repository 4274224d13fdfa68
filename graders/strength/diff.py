"""A unified diff of one change, made from its position: exact, and quick also for a long program."""

from __future__ import annotations

from collections.abc import Iterator

from graders.strength.change import Change
from graders.strength.text import NEW_LINE

CONTEXT = 2


def unified(original: str, change: Change, changed: str, name: str = "solution.py") -> str:
    """What `diff -U2` prints for a change that leaves all lines before and after it alone."""
    old, new = _lines(original), _lines(changed)
    first = _line_of(old, change.start)
    after = len(old) - 1 - _line_of(old, max(change.start, change.end - 1))
    begin, tail = max(0, first - CONTEXT), min(CONTEXT, after)
    old_end, new_end = len(old) - after, len(new) - after
    sizes = old_end + tail - begin, new_end + tail - begin
    hunk = [
        *_marked(" ", old[begin:first]),
        *_marked("-", old[first:old_end]),
        *_marked("+", new[first:new_end]),
        *_marked(" ", old[old_end : old_end + tail]),
    ]
    head = f"--- {name}\n+++ {name}\n@@ -{begin + 1},{sizes[0]} +{begin + 1},{sizes[1]} @@\n"
    return head + "".join(hunk)


def _lines(source: str) -> list[str]:
    lines = NEW_LINE.split(source)
    return lines if lines[-1] else lines[:-1]


def _line_of(lines: list[str], position: int) -> int:
    for index, line in enumerate(lines):
        position -= len(line)
        if position < 0:
            return index
    return len(lines) - 1


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        ended = line.endswith(("\n", "\r"))
        yield f"{mark}{line}" if ended else f"{mark}{line}\n\\ No newline at end of file\n"
