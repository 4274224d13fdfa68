"""Pairs, as other formats write them, as the spec of `matching`, and items as that of `ordering`.

Ids are given so that their order does not tell the answer.
"""

from __future__ import annotations

import hashlib
from typing import Any

from core.exchange.values import BadValue


def matching_spec(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The spec of (left, right) texts; a pair with an empty left side is a distractor. Raises BadValue."""
    lefts = [left for left, _ in pairs if left]
    rights = list(dict.fromkeys(right for _, right in pairs))
    if len(set(lefts)) < len(lefts):
        raise BadValue("answers", "Two have the same text on the left; change one.")
    if not all(rights):
        raise BadValue("answers", "A pair has nothing on the right.")
    partners = [right for left, right in pairs if left]
    names = dict(zip(rights, _mixed_names("r", rights), strict=True))
    numbers = [int(names[right][1:]) for right in partners]
    if numbers == sorted(numbers):
        names = {text: f"r{len(rights) + 1 - int(name[1:])}" for text, name in names.items()}
    return {
        "left": [{"id": f"l{number}", "text": text} for number, text in enumerate(lefts, 1)],
        "right": sorted(({"id": name, "text": text} for text, name in names.items()), key=_by_number),
        "pairs": {f"l{number}": names[right] for number, right in enumerate(partners, 1)},
        "credit": "each_pair",
    }


def ordering_spec(texts: list[str]) -> dict[str, Any]:
    """The spec of texts in their right order."""
    names = _mixed_names("i", texts)
    items = sorted(
        ({"id": name, "text": text} for name, text in zip(names, texts, strict=True)), key=_by_number
    )
    return {"items": items, "order": names}


def _mixed_names(letter: str, texts: list[str]) -> list[str]:
    """A name for each text, numbered in an order that depends on the texts alone and is never ascending."""
    order = sorted(range(len(texts)), key=lambda i: hashlib.sha256(f"{i} {texts[i]}".encode()).digest())
    if order == sorted(order):
        order.reverse()
    places = {index: place for place, index in enumerate(order, 1)}
    return [f"{letter}{places[index]}" for index in range(len(texts))]


def _by_number(item: dict[str, Any]) -> int:
    return int(item["id"][1:])
