from __future__ import annotations

from collections import Counter

from graders.checkers.base import Checker, Options


def accepts(expected: bytes, got: bytes, options: Options) -> bool:
    """The same lines, each as often, in any order. Within a line words count and white space does not."""
    if options.get("ignore_case"):
        expected, got = expected.lower(), got.lower()
    return _lines(expected) == _lines(got)


def _lines(data: bytes) -> Counter[tuple[bytes, ...]]:
    """Blank lines left out; only a line feed ends a line (white space before it does not matter)."""
    return Counter(words for line in data.split(b"\n") if (words := tuple(line.split())))


UNORDERED = Checker("unordered", accepts, {"ignore_case": {"type": "boolean"}})
