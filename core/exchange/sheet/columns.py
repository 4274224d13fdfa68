"""The columns of a sheet of questions, and how single cells are read and written. See docs/formats.md."""

from __future__ import annotations

import re

OPTIONS_MAX = 30
PLAIN = (
    "id", "title", "kind", "question", "points", "difficulty", "tags", "category", "answer", "tolerance", "unit",
    "ignore_case", "multiple", "credit", "shuffle", "explanation",
)  # fmt: skip
NUMBERED = ("option", "match", "weight", "feedback")
REQUIRED = ("title", "kind", "question")
TRUE = ("true", "t", "yes", "y", "1", "wahr", "ja")
FALSE = ("false", "f", "no", "n", "0", "falsch", "nein")
_NUMBERED = re.compile(rf"({'|'.join(NUMBERED)})_([1-9][0-9]?)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{0,30})?%?")
# A spreadsheet takes a cell that begins so for a formula; the apostrophe tells it not to.
_FORMULA = ("=", "+", "-", "@", "\t", "'")


def is_column(name: str) -> bool:
    """Whether a sheet may have such a column."""
    match = _NUMBERED.fullmatch(name)
    return name in PLAIN or (match is not None and int(match[2]) <= OPTIONS_MAX)


def in_order(names: set[str]) -> list[str]:
    """The columns `names` as people like to see them."""
    numbered = [f"{kind}_{n}" for n in range(1, OPTIONS_MAX + 1) for kind in NUMBERED]
    return [name for name in (*PLAIN, *numbered) if name in names]


def guarded(cell: str) -> str:
    """`cell` as it is written, so that no spreadsheet runs it."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def joined(texts: list[str]) -> str:
    """Several texts in one cell: a|b, where \\| is a sign of a text."""
    return "|".join(re.sub(r"[\\|]", r"\\\g<0>", text) for text in texts)


def parted(cell: str) -> list[str]:
    """The texts of a cell, blank ones left out."""
    pieces = re.findall(r"(?:\\.|[^|\\]|\\\Z)+", cell, re.DOTALL)
    return [text for piece in pieces if (text := re.sub(r"\\([\\|])", r"\1", piece).strip())]
