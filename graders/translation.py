"""Shown specs in other languages: texts of an allow-list of keys are replaced, and nothing else.

What is translated has been redacted and put in order before, so that a translation can neither show nor move anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# What people read: of options, items, lines, blanks' surroundings, parts and criteria. Never ids, programs or data.
KEYS = frozenset({"text"})
_PLACE = re.compile(r"\{\{[A-Za-z0-9_-]{1,32}\}\}")


def translated(shown: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """`shown`, with the texts that `texts` knows."""
    return {name: _translated(name, value, texts) for name, value in shown.items()}


def originals(shown: Any) -> set[str]:
    """The texts of `shown` that can be translated."""
    return set(_originals(shown))


def text_errors(shown: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    """What is wrong with translations of the texts of `shown`: unknown originals, and blanks that got lost."""
    known = originals(shown)
    unknown = [f"The spec shows no text {_clipped(text)}." for text in texts if text not in known]
    return unknown + [
        f"The translation of {_clipped(text)} must have the same blanks."
        for text, translation in texts.items()
        if text in known and sorted(_PLACE.findall(text)) != sorted(_PLACE.findall(translation))
    ]


def _translated(name: str, value: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return texts.get(value, value) if name in KEYS else value
    if isinstance(value, Mapping):
        return translated(value, texts)
    return [_translated("", item, texts) for item in value] if isinstance(value, list) else value


def _originals(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _originals(item)
    elif isinstance(value, Mapping):
        yield from (text for name, text in value.items() if name in KEYS and isinstance(text, str))
        for inner in value.values():
            yield from _originals(inner)


def _clipped(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:79]}…")
