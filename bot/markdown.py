"""Markdown to the few tags that Telegram understands, in blocks that stand alone: messages are cut between them.

Telegram's rules that shape this: `pre` and `code` contain nothing and stand in nothing, quotations do not nest,
and there are neither lists nor headings nor tables.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.html import chunks, clean, clip, escape, length, pre

BLOCK_MAX = 3500
# What a telephone shows of one line of program text.
TABLE_WIDTH = 48

NO_LANGUAGE = frozenset({"", "text", "txt", "plain"})

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKS = {"strong": "b", "em": "i", "s": "s"}
_SPAN = re.compile(r"`([^`\n]+)`")
_TAG = re.compile(r"<[^>]*>")


def blocks_of(text: str) -> Iterator[str]:
    """The blocks of a Markdown text as Telegram HTML, each at most 3500 long. Raw HTML in it is shown, not obeyed."""
    for node in SyntaxTreeNode(_markdown.parse(clean(text))).children:
        block = _block(node)
        if length(block) <= BLOCK_MAX:
            yield block
        else:
            yield from chunks(html.unescape(_TAG.sub("", block)), BLOCK_MAX)


def with_code(text: str) -> str:
    """One line in which only `code` between backticks means something, such as an option of a question."""
    return _SPAN.sub(r"<code>\1</code>", escape(text))


def without_code_marks(text: str) -> str:
    """The same line where nothing can be marked, such as on a button."""
    return _SPAN.sub(r"\1", text)


def _block(node: SyntaxTreeNode) -> str:
    if node.type in ("fence", "code_block"):
        return _code(node)
    if node.type == "blockquote":
        return f"<blockquote>{_plain_blocks(node)}</blockquote>"
    if node.type in ("bullet_list", "ordered_list"):
        return "\n".join(_items(node, ""))
    if node.type == "table":
        return _table_block(node)
    if node.type == "hr":
        return "———"
    if node.type == "heading":
        return f"<b>{_inline(node, bare=True)}</b>"
    return _inline(node)


def _code(node: SyntaxTreeNode) -> str:
    language = re.sub(r"[^A-Za-z0-9+#-]", "", node.info.split()[0]) if node.info.split() else ""
    if language in NO_LANGUAGE:
        return pre(node.content, BLOCK_MAX)
    tags = f'<pre><code class="language-{language[:20]}">', "</code></pre>"
    return tags[0] + (clip(node.content.strip("\n"), BLOCK_MAX - 100) or " ") + tags[1]


def _items(node: SyntaxTreeNode, indent: str) -> Iterator[str]:
    """One line per item of a list; inner lists follow their item, indented."""
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        mark = f"{number}." if node.type == "ordered_list" else "•"
        inner = indent + "   "
        lists = [child for child in item.children if child.type in ("bullet_list", "ordered_list")]
        texts = [_in_item(child) for child in item.children if child not in lists]
        yield f"{indent}{mark} " + f"\n{inner}".join(texts)
        for child in lists:
            yield from _items(child, inner)


def _in_item(node: SyntaxTreeNode) -> str:
    return _inline(node) if node.type == "paragraph" else _block(node)


def _plain_blocks(node: SyntaxTreeNode) -> str:
    """Inside a quotation: no code blocks and no further quotations, only their text."""
    return "\n".join(_plain_block(child) for child in node.children)


def _plain_block(node: SyntaxTreeNode) -> str:
    if node.type in ("fence", "code_block"):
        return escape(node.content.rstrip("\n"))
    if node.type in ("bullet_list", "ordered_list"):
        marks = [f"{i}." if node.type == "ordered_list" else "•" for i in range(1, len(node.children) + 1)]
        return "\n".join(
            f"{mark} {_plain_blocks(item)}" for mark, item in zip(marks, node.children, strict=True)
        )
    if node.type == "blockquote":
        return _plain_blocks(node)
    if node.type == "table":
        return escape(_aligned(_rows(node)))
    if node.type == "hr":
        return "———"
    return _inline(node, bare=True)


def _inline(node: SyntaxTreeNode, *, bare: bool = False) -> str:
    """The text of a node. `bare`: inside another mark, where code may not stand."""
    return "".join(_span(child, bare) for child in node.children)


def _span(node: SyntaxTreeNode, bare: bool) -> str:
    if node.type == "text":
        return escape(node.content)
    if node.type == "code_inline":
        return escape(node.content) if bare else f"<code>{escape(node.content)}</code>"
    if node.type == "hardbreak":
        return "\n"
    if node.type == "softbreak":
        return " "
    if node.type == "image":
        label = f"🖼 {escape(node.content) or 'picture'}"
        return label if bare else _link(str(node.attrs.get("src", "")), label)
    if node.type == "link":
        return _link(str(node.attrs.get("href", "")), _inline(node, bare=True))
    if tag := _MARKS.get(node.type):
        inner = _inline(node, bare=True)
        return f"<{tag}>{inner}</{tag}>" if inner else ""
    return _inline(node, bare=bare)


def _link(address: str, label: str) -> str:
    if urlsplit(address).scheme not in ("http", "https") or not label.strip():
        return label
    return f'<a href="{html.escape(address)}">{label}</a>'


def _table_block(node: SyntaxTreeNode) -> str:
    """Aligned columns where a telephone has room for them, else a line per row."""
    rows = _rows(node)
    if max(map(len, _aligned(rows).splitlines())) <= TABLE_WIDTH:
        return pre(_aligned(rows), BLOCK_MAX)
    return "\n".join(f"• {escape(' · '.join(filter(None, row)))}" for row in rows)


def _rows(node: SyntaxTreeNode) -> list[list[str]]:
    return [[_cell(cell) for cell in row.children] for part in node.children for row in part.children]


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _cell(node: SyntaxTreeNode) -> str:
    return html.unescape(_TAG.sub("", _inline(node)))
