"""Telegram's HTML, read as strictly as its documentation allows: what this refuses, Telegram may refuse."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[a-z][a-z-]*)(?P<rest>[^<>]*)>|(?P<bad>[<>])|(?P<text>[^<>]+)")
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
PLAIN = frozenset({"b", "strong", "i", "em", "u", "ins", "s", "strike", "del"})
ALONE = frozenset({"pre", "code"})
ATTRIBUTES = {
    "a": re.compile(r'\s+href="[^"]+"'),
    "code": re.compile(r'(?:\s+class="language-[A-Za-z0-9+#-]+")?'),
    "span": re.compile(r'\s+class="tg-spoiler"'),
}
NO_ATTRIBUTES = re.compile("")
KNOWN = PLAIN | ALONE | {"a", "span", "blockquote"}
LIMIT = 4096


class BadHtml(Exception):
    """Telegram could not parse it; the text says where."""


@dataclass
class _Reader:
    open: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def start(self, tag: str, rest: str) -> None:
        if tag not in KNOWN:
            raise BadHtml(f'Unsupported start tag "{tag}"')
        if not ATTRIBUTES.get(tag, NO_ATTRIBUTES).fullmatch(rest):
            raise BadHtml(f"bad attributes of <{tag}>: {rest!r}")
        self._check_place(tag)
        self.open.append(tag)

    def end(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            raise BadHtml(f"unexpected </{tag}>, open: {self.open}")
        self.open.pop()

    def _check_place(self, tag: str) -> None:
        if tag == "code" and self.open == ["pre"]:
            return
        if ALONE & set(self.open):
            raise BadHtml(f"<{tag}> inside {self.open}, which may contain nothing")
        if tag in ALONE and self.open:
            raise BadHtml(f"<{tag}> inside {self.open}, but it may stand in nothing")
        if tag in ("a", "blockquote") and tag in self.open:
            raise BadHtml(f"nested <{tag}>")
        if tag == "blockquote" and self.open:
            raise BadHtml(f"<blockquote> inside {self.open}")


def plain_text(source: str) -> str:
    """What a person sees. Raises BadHtml."""
    reader = _Reader()
    for token in TOKEN.finditer(source):
        if token["bad"]:
            raise BadHtml(f"a bare {token['bad']!r} at {token.start()}")
        if token["text"]:
            if ENTITY.search(token["text"]):
                raise BadHtml(f"a bare & in {token['text'][:60]!r}")
            reader.text.append(html.unescape(token["text"]))
        elif token["close"]:
            reader.end(token["tag"])
        else:
            reader.start(token["tag"], token["rest"])
    if reader.open:
        raise BadHtml(f"never closed: {reader.open}")
    return "".join(reader.text)


def units(text: str) -> int:
    """The length of `text` in UTF-16 units, as Telegram counts. Raises BadHtml for half a character."""
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError as error:
        raise BadHtml("strings must be encoded in UTF-8") from error
