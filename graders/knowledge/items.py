"""Things with an id that learners pick, order and pair: their schema, their order, and ids that tell too much."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ID = {"type": "string", "minLength": 1, "maxLength": 32, "pattern": "^[A-Za-z0-9_.-]+$"}
ITEM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "text"],
    "properties": {"id": ID, "text": {"type": "string", "minLength": 1, "maxLength": 2000}},
}
# Of two things one order in two is alphabetical: to refuse it would tell the answer.
TELLING_MIN = 3


def arranged(items: Iterable[Mapping[str, Any]], seed: str) -> list[Any]:
    """`items` in an order that depends on their ids and on `seed` alone, never on the order given."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}\0{item['id']}".encode()).digest())


def repeated(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids that more than one of `items` has."""
    return [name for name, count in Counter(item["id"] for item in items).items() if count > 1]


def item_errors(items: Sequence[Mapping[str, Any]], path: str) -> dict[str, list[str]]:
    """Why learners could not name each of `items`, under `path`."""
    if twice := repeated(items):
        return {path: [f"Ids must differ; used twice: {', '.join(twice)}."]}
    if len({item["text"].strip() for item in items}) < len(items):
        return {path: ["Two have the same text, so nobody can tell them apart; change one."]}
    return {}


def tell_the_order(ids: Sequence[str]) -> bool:
    """Whether `ids`, in the order of the key, are simply ascending (l2 before l10)."""
    return len(ids) >= TELLING_MIN and in_natural_order(ids) == list(ids)


def in_natural_order(ids: Iterable[str]) -> list[str]:
    """`ids` as people sort them: l2 before l10."""
    return sorted(ids, key=_natural)


def _natural(name: str) -> list[tuple[int, int, str]]:
    pieces = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces]
