"""Python source by position: what a node of its syntax tree spans, so that a change leaves all else as it is."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from functools import cached_property

from core.errors import CreathonError

MAX_KB = 64
NEW_LINE = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")  # as Python counts lines; str.splitlines knows more of them


class Unmutable(CreathonError):
    """This program cannot be mutated."""

    code = "unmutable"


class Text:
    """A Python program that parses. Positions are indices of its characters."""

    def __init__(self, source: str) -> None:
        """Raises Unmutable when it does not parse, is nested too deeply or is larger than MAX_KB."""
        self.source = source.removeprefix("\ufeff")
        if len(self.source) > MAX_KB * 1024:
            raise Unmutable(f"The program is larger than {MAX_KB} KB; it is not mutated.")
        self.tree = parse(self.source)

    @cached_property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return NEW_LINE.split(self.source)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line))
        return starts

    def start(self, node: ast.AST) -> int:
        """Where a node begins."""
        return self._at(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        """Where a node ends."""
        return self._at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def of(self, node: ast.AST) -> str:
        """What a node spans."""
        return self.source[self.start(node) : self.end(node)]

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a position, both from 1."""
        line = bisect_right(self._starts, position, hi=len(self.lines))
        return line, position - self._starts[line - 1] + 1

    def _at(self, line: int, column: int) -> int:
        # The tree counts columns in bytes of UTF-8.
        text = self.lines[line - 1]
        return self._starts[line - 1] + (
            column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))
        )


def parse(source: str) -> ast.Module:
    """The syntax tree of a program. Raises Unmutable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is the author's code: `1 is 1` is theirs to mend
            return ast.parse(source)
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        raise Unmutable(f"The program does not parse: {where}{error.msg}.") from error
    except (RecursionError, MemoryError) as error:
        raise Unmutable("The program is nested too deeply to be mutated.") from error
    except ValueError as error:  # a NUL, half a character
        raise Unmutable(f"The program is not text that Python reads: {error}.") from error
