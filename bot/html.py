"""Text in the HTML that Telegram understands. Everything that comes from outside passes `escape` or `clip`."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

# Telegram counts UTF-16 units after parsing the tags; counting the tags too stays on the safe side.
LIMIT = 4096
ELLIPSIS = "…"


def clean(text: str) -> str:
    """`text` without what Telegram cannot show: control characters are dropped, half surrogates replaced."""
    return "".join(_shown(char) for char in text.replace("\r\n", "\n"))


def escape(text: str) -> str:
    """`text` as it must stand in a message."""
    return html.escape(clean(text), quote=False)


def length(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def clip(text: str, limit: int) -> str:
    """`text` escaped and at most `limit` long; an ellipsis tells that something was cut."""
    whole = escape(text[: limit + 1])
    if len(text) <= limit and length(whole) <= limit:
        return whole
    kept, room = [], limit - len(ELLIPSIS)
    for char in clean(text[:limit]):
        escaped = html.escape(char, quote=False)
        room -= length(escaped)
        if room < 0:
            break
        kept.append(escaped)
    return "".join(kept) + ELLIPSIS


def pre(text: str, limit: int) -> str:
    """A block of program text or output, at most `limit` long with its tags."""
    return f"<pre>{clip(text.strip(chr(10)), limit - len('<pre></pre>')) or ' '}</pre>"


def pack(blocks: Iterable[str], limit: int = LIMIT) -> list[str]:
    """`blocks` joined by empty lines into as few messages as possible; no block may be longer than `limit`."""
    messages: list[str] = []
    for block in filter(None, blocks):
        joined = f"{messages[-1]}\n\n{block}" if messages else block
        if messages and length(joined) <= limit:
            messages[-1] = joined
        else:
            messages.append(block)
    return messages


def chunks(text: str, limit: int) -> Iterator[str]:
    """Plain `text`, escaped, in pieces of at most `limit`, cut between lines or words where that is possible."""
    rest = clean(text)
    while rest:
        piece = rest[:limit]
        while length(html.escape(piece, quote=False)) > limit:
            piece = piece[: len(piece) * 3 // 4]
        if len(piece) < len(rest):
            piece = _up_to_a_gap(piece)
        yield html.escape(piece, quote=False)
        rest = rest[len(piece) :].lstrip()


def _up_to_a_gap(piece: str) -> str:
    gap = max(piece.rfind("\n"), piece.rfind(" "))
    return piece[:gap] if gap > len(piece) // 2 else piece


def _shown(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return char if char in "\n\t" or (char >= " " and char != "\x7f") else ""
