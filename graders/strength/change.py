"""One small change of a program's text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a mutation changes."""

    ARITHMETIC = "arithmetic"
    BITWISE = "bitwise"
    COMPARISON = "comparison"
    BOUNDARY = "boundary"
    BOOLEAN = "boolean"
    ASSIGNMENT = "assignment"
    NUMBER = "number"
    TEXT = "text"
    UNARY = "unary"
    CONDITION = "condition"
    RETURN = "return"
    CALL = "call"
    LOOP = "loop"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True)
class Change:
    """Put `text` in the place of what stands from `start` to `end`. `what` says it in words."""

    start: int
    end: int
    text: str
    kind: Kind
    what: str


def short(source: str, most: int = 48) -> str:
    """A piece of source on one line, for a description."""
    line = " ".join(source.split())
    return f"`{line}`" if len(line) <= most else f"`{line[:most].rstrip()} …`"
