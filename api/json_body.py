"""Strict JSON: what Python's parser lets pass but PostgreSQL or other clients refuse is refused at the door."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn

from core.errors import CoreError, ValidationFailed

MAX_DEPTH = 64
# A megabyte may hold half a million values, which would take seconds to look at; no answer has a tenth of this.
MAX_VALUES = 20_000
# So many faults are named, each by so many characters of the path to it: the answer must not outgrow the request.
MAX_ERRORS = 20
MAX_PATH = 200

# The way to a value: its parent's way and its own key, put into words only for a fault. None: the whole body.
Way = tuple[Any, object] | None


class InvalidJson(CoreError):
    """The body is not JSON."""

    code = "invalid_json"


def parse_json(raw: bytes, most: int = MAX_VALUES) -> Any:
    """The value of `raw` (UTF-8), which holds at most so many values, keys not counted.

    Raises InvalidJson for what is no JSON, nested too deeply or too many values, ValidationFailed for text that cannot
    be stored.
    """
    value = _loaded(raw)
    faults = ((way, message) for way, text in _texts(value, most) if (message := _unstorable(text)))
    errors: dict[str, list[str]] = {}
    for way, message in islice(faults, MAX_ERRORS):
        errors.setdefault(_path(way), []).append(message)
    if errors:
        raise ValidationFailed(errors)
    return value


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise InvalidJson(f"The body is nested too deeply; {MAX_DEPTH} levels are allowed.") from None
    except ValueError as error:
        raise InvalidJson(f"The body is not JSON: {error}.") from None


def _texts(value: Any, most: int) -> Iterator[tuple[Way, str]]:
    """Every string in `value`, keys included, with the way to it. Iterative, for nesting is the caller's."""
    pending: list[tuple[Way, int, Any]] = [(None, 0, value)]
    while pending:
        way, depth, item = pending.pop()
        if isinstance(item, dict | list):
            most -= len(item)
        if most < 0:
            raise InvalidJson("The body holds too many values.")
        if depth > MAX_DEPTH:
            raise InvalidJson(f"The body is nested too deeply; {MAX_DEPTH} levels are allowed.")
        if isinstance(item, str):
            yield way, item
        elif isinstance(item, dict):
            yield from ((way, key) for key in item)
            pending.extend(((way, key), depth + 1, inner) for key, inner in item.items())
        elif isinstance(item, list):
            pending.extend(((way, i), depth + 1, inner) for i, inner in enumerate(item))


def _path(way: Way) -> str:
    """The way in dotted words, cut where it gets long."""
    keys: list[str] = []
    while way is not None:
        way, key = way
        keys.append(str(key)[:MAX_PATH])
    return ".".join(reversed(keys))[:MAX_PATH] or "body"


def _unstorable(text: str) -> str | None:
    if "\0" in text:
        return "Must not contain NUL characters."
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        return "Must not contain half a surrogate pair."
    return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _finite(text: str) -> float:
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(f"the number {text[:20]} is out of range")
