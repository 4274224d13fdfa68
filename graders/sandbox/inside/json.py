"""Replies as JSON. The real module costs a box 5 ms at its start, and all that we say is plain."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PLAIN = {None: "null", True: "true", False: "false"}


def encoded(value: Any) -> bytes:
    """JSON of dictionaries, texts, finite numbers, booleans and None."""
    return _text(value).encode("ascii")


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "{%s}" % ",".join(f"{_text(name)}:{_text(item)}" for name, item in value.items())  # noqa: UP031
    if isinstance(value, str):
        return '"%s"' % "".join(map(_character, value))  # noqa: UP031
    if value is None or value is True or value is False:
        return PLAIN[value]
    return repr(value)


def _character(one: str) -> str:
    if " " <= one <= "~" and one not in '"\\':
        return one
    code = ord(one)
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
