"""Strict JSON: what Python's parser lets pass but PostgreSQL or other clients refuse is refused at the door."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from core.errors import CoreError, ValidationFailed

MAX_DEPTH = 64


class InvalidJson(CoreError):
    """The body is not JSON."""

    code = "invalid_json"


def parse_json(raw: bytes) -> Any:
    """The value of `raw` (UTF-8).

    Raises InvalidJson for what is no JSON or nested too deeply, ValidationFailed for text that cannot be stored.
    """
    value = _loaded(raw)
    errors: dict[str, list[str]] = {}
    for path, text in _texts(value):
        if message := _unstorable(text):
            errors.setdefault(path or "body", []).append(message)
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


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every string in `value`, keys included, with the dotted path to it. Iterative, for nesting is the caller's."""
    pending: list[tuple[str, int, Any]] = [("", 0, value)]
    while pending:
        path, depth, item = pending.pop()
        if depth > MAX_DEPTH:
            raise InvalidJson(f"The body is nested too deeply; {MAX_DEPTH} levels are allowed.")
        if isinstance(item, str):
            yield path, item
        elif isinstance(item, dict):
            yield from ((path, key) for key in item)
            pending.extend((f"{path}.{key}".lstrip("."), depth + 1, inner) for key, inner in item.items())
        elif isinstance(item, list):
            pending.extend((f"{path}.{i}".lstrip("."), depth + 1, inner) for i, inner in enumerate(item))


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
