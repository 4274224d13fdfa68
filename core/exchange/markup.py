"""HTML and plain text, as other systems write questions, in Markdown.

A reader of our own, for the standard library's takes time that grows with the square of what strangers wrote.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_AROUND = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "tt": "`", "del": "~~", "s": "~~",
}  # fmt: skip
_BEFORE = {"li": "\n- ", "br": "  \n", "hr": "\n\n---\n\n"} | {
    f"h{n}": f"\n\n{'#' * n} " for n in range(1, 7)
}
_PARAGRAPHS = {"p", "div", "ul", "ol", "table", "blockquote", "tr", *(f"h{n}" for n in range(1, 7))}
_UNSHOWN = {"script", "style", "head", "title"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#~|])")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:\s[^<>]*)?)/?>")
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_ATTRIBUTES = {name: re.compile(name + _VALUE, re.IGNORECASE) for name in ("href", "src", "alt")}
_ATTRIBUTES_MAX = 2_000


def as_markdown(text: str, format: str) -> str:
    """`text` of the markup html, moodle (HTML with line breaks), plain or markdown; others are taken for Markdown."""
    if format == "plain":
        return _SPECIAL.sub(r"\\\1", text)
    if format in ("html", "moodle") and ("<" in text or "&" in text):
        return _from_html(text)
    return text


def _from_html(text: str) -> str:
    lines = "".join(_Reader().parts(_without_comments(text))).split("\n")
    shown = "\n".join(line.strip(" ") if line.strip() else "" for line in lines)
    return re.sub(r"\n{3,}", "\n\n", shown).strip()


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


class _Reader:
    """Gives the Markdown of what a browser would show; unknown tags fall off."""

    def __init__(self) -> None:
        self._links: list[str] = []
        self._unshown = 0
        self._verbatim = 0

    def parts(self, text: str) -> Iterator[str]:
        at = 0
        for tag in _TAG.finditer(text):
            yield self._data(text[at : tag.start()])
            name = tag[2].lower()
            yield self._end(name) if tag[1] else self._start(name, tag[3][:_ATTRIBUTES_MAX])
            at = tag.end()
        yield self._data(text[at:])

    def _data(self, text: str) -> str:
        return "" if self._unshown else html.unescape(text)

    def _start(self, tag: str, attributes: str) -> str:
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "pre":
            self._verbatim += 1
            return "\n\n```\n"
        elif tag == "a":
            self._links.append(_attribute(attributes, "href"))
            return "["
        elif tag == "img":
            return f"![{_attribute(attributes, 'alt')}]({_attribute(attributes, 'src')})"
        elif tag in _BEFORE:
            return _BEFORE[tag]
        return self._around(tag)

    def _end(self, tag: str) -> str:
        if tag in _UNSHOWN:
            self._unshown = max(self._unshown - 1, 0)
        elif tag == "pre" and self._verbatim:
            self._verbatim -= 1
            return "\n```\n\n"
        elif tag == "a" and self._links:
            return f"]({self._links.pop()})"
        return self._around(tag)

    def _around(self, tag: str) -> str:
        if tag in _PARAGRAPHS:
            return "\n\n"
        return "" if self._verbatim else _AROUND.get(tag, "")


def _attribute(attributes: str, name: str) -> str:
    match = _ATTRIBUTES[name].search(attributes)
    return html.unescape(next((value for value in match.groups() if value), "")) if match else ""
