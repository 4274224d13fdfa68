"""Values that strangers wrote, read so that nothing of them can hurt: bounded, finite, and storable."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

DEPTH_MAX = 64
# A NUL and half of a surrogate pair are stored by neither UTF-8 nor PostgreSQL.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class BadValue(ValueError):
    """A value cannot be taken: dotted `key` ("" for all of it), and how to mend it."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key
        self.message = message


def plain_json(text: str) -> Any:
    """The value of a JSON text: finite numbers, texts that can be stored, at most DEPTH_MAX deep. Raises BadValue."""
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise BadValue("", "Is nested too deeply.") from None
    except ValueError as error:
        raise BadValue("", f"Is not JSON: {str(error)[:200]}.") from None
    _check(value, 0)
    return value


def decoded(data: bytes) -> str:
    """`data` as UTF-8, with or without a byte order mark. Raises BadValue."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadValue("", f"Is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
    if "\0" in text:
        raise BadValue("", "Contains a NUL character; remove it.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def required_text(holder: Mapping[str, Any], key: str, limit: int) -> str:
    """The text under `key`, not blank, of at most `limit` characters. Raises BadValue."""
    value = holder.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadValue(
            key, "Is missing; it must be a text." if value is None else "Must be a text, not blank."
        )
    if len(value) > limit:
        raise BadValue(key, f"Has more than {limit} characters; make it shorter.")
    return value


def _check(value: Any, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise BadValue("", "Is nested too deeply.")
    if isinstance(value, str) and _NO_TEXT.search(value):
        raise BadValue("", "Contains a NUL or half of a surrogate pair; remove it.")
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth + 1)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _finite(text: str) -> float:
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(f"the number {text[:20]} is out of range")
