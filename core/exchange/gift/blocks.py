"""A GIFT file as blocks: blank lines part them, comments fall out, $CATEGORY lines hold for what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_CATEGORY = "$CATEGORY:"
# So much of a path, and of the comments before a question, is looked at.
_PATH_MAX = 1_000
_COMMENTS_MAX = 4_000
_ID = re.compile(r"\[id:((?:\\.|[^\]\\])*)\]")
_TAG = re.compile(r"\[tag:((?:\\.|[^\]\\])*)\]")
# Where Moodle keeps categories, and the name of its root: places, not names of categories.
_PLACES = re.compile(r"\$\w+\$")


@dataclass(frozen=True, slots=True)
class Block:
    """The text of one question without comments, with the number of its first line and the names of its categories."""

    line: int
    text: str
    categories: tuple[str, ...]
    id: str
    tags: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    """The block that is being read."""

    line: int
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def closed(self, categories: tuple[str, ...]) -> Block:
        said = "\n".join(self.comments)[:_COMMENTS_MAX]
        ids, tags = _ID.findall(said), _TAG.findall(said)
        return Block(
            self.line,
            "\n".join(self.lines),
            categories,
            _plain(ids[-1]) if ids else "",
            tuple(dict.fromkeys(filter(None, map(_plain, tags)))),
        )


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of `text` that are more than comments."""
    categories: tuple[str, ...] = ()
    block = _Open(1)
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.lstrip().startswith(_CATEGORY):
            categories = category_names(line.lstrip().removeprefix(_CATEGORY)[:_PATH_MAX])
        elif line.lstrip().startswith("//"):
            block.comments.append(line)
        elif line.strip():
            if not block.lines:
                block.line = number
            block.lines.append(line)
        else:
            if block.lines:
                yield block.closed(categories)
            block = _Open(number + 1)


def category_names(path: str) -> tuple[str, ...]:
    """The names in "$course$/top/Algebra/Lines"; a slash in a name is written twice."""
    names = [name.replace("\0", "/").strip() for name in path.replace("//", "\0").split("/")]
    names = [name for name in names if name and not _PLACES.fullmatch(name)]
    return tuple(names[1:] if names[:1] == ["top"] else names)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()
