"""JSON by the interpreter's own C parts: the module `json` would cost every box 5 ms (it imports re and enum)."""

from __future__ import annotations

from _json import encode_basestring_ascii, make_encoder, make_scanner

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs time in every box
    from typing import Any

CONSTANTS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
SPACE = " \t\r\n"


class Rules:
    """What the scanner asks for: JSON as it is, with Python's names for what is no number."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = CONSTANTS.__getitem__
    memo: dict[str, str] = {}


def unknown(value: Any) -> Any:
    """Refuse what JSON has no form for."""
    raise TypeError(f"{type(value).__name__} has no JSON form")


encode = make_encoder(None, unknown, encode_basestring_ascii, None, ":", ",", False, False, True)
scan = make_scanner(Rules())  # type: ignore[arg-type]


def to_json(value: Any) -> str:
    """Compact JSON. Raises TypeError, RecursionError."""
    return "".join(encode(value, 0))


def from_json(text: str) -> Any:
    """The value of a JSON text. Raises ValueError, RecursionError."""
    text = text.strip(SPACE)
    try:
        value, end = scan(text, 0)
    except StopIteration:
        raise ValueError("not JSON") from None
    if end != len(text):
        raise ValueError("not JSON alone")
    return value
