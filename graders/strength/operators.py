"""Changes of operators: what stands between two operands, or before one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from graders.strength.change import Change, Kind
from graders.strength.text import Text

COMMENT = re.compile(r"#[^\r\n]*")
# By the operator's class: how it is written, what takes its place, and what kind of change that is. The other one
# binds as tightly where there is such a one, so that the rest of the expression keeps its meaning.
BINARY: dict[type[ast.operator], tuple[str, str, Kind]] = {
    ast.Add: ("+", "-", Kind.ARITHMETIC),
    ast.Sub: ("-", "+", Kind.ARITHMETIC),
    ast.Mult: ("*", "//", Kind.ARITHMETIC),
    ast.Div: ("/", "*", Kind.ARITHMETIC),
    ast.FloorDiv: ("//", "/", Kind.ARITHMETIC),
    ast.Mod: ("%", "//", Kind.ARITHMETIC),
    ast.Pow: ("**", "*", Kind.ARITHMETIC),
    ast.LShift: ("<<", ">>", Kind.BITWISE),
    ast.RShift: (">>", "<<", Kind.BITWISE),
    ast.BitAnd: ("&", "|", Kind.BITWISE),
    ast.BitOr: ("|", "&", Kind.BITWISE),
    ast.BitXor: ("^", "&", Kind.BITWISE),
}
COMPARISON: dict[type[ast.cmpop], tuple[str, str, Kind]] = {
    ast.Lt: ("<", "<=", Kind.BOUNDARY),
    ast.LtE: ("<=", "<", Kind.BOUNDARY),
    ast.Gt: (">", ">=", Kind.BOUNDARY),
    ast.GtE: (">=", ">", Kind.BOUNDARY),
    ast.Eq: ("==", "!=", Kind.COMPARISON),
    ast.NotEq: ("!=", "==", Kind.COMPARISON),
    ast.In: ("in", "not in", Kind.COMPARISON),
    ast.NotIn: ("not in", "in", Kind.COMPARISON),
    ast.Is: ("is", "is not", Kind.COMPARISON),
    ast.IsNot: ("is not", "is", Kind.COMPARISON),
}
UNARY: dict[type[ast.unaryop], str] = {ast.Not: "not", ast.USub: "-", ast.Invert: "~"}


def binary(text: Text, node: ast.BinOp) -> Iterator[Change]:
    """`+` to `-` and so on; not of `%` when it formats a text."""
    formats = isinstance(node.op, ast.Mod) and _is_text(node.left)
    if type(node.op) in BINARY and not formats:
        old, new, kind = BINARY[type(node.op)]
        yield from _swapped(text, (node.left, node.right), (old, new, kind))


def comparison(text: Text, node: ast.Compare) -> Iterator[Change]:
    """`<` to `<=`, `==` to `!=`, `in` to `not in` and so on."""
    for operands, op in zip(pairwise([node.left, *node.comparators]), node.ops, strict=True):
        yield from _swapped(text, operands, COMPARISON[type(op)])


def boolean(text: Text, node: ast.BoolOp) -> Iterator[Change]:
    """`and` to `or` and back."""
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for operands in pairwise(node.values):
        yield from _swapped(text, operands, (old, new, Kind.BOOLEAN))


def unary(text: Text, node: ast.UnaryOp) -> Iterator[Change]:
    """`not`, `-` and `~` dropped."""
    if symbol := UNARY.get(type(node.op)):
        start, stop = text.start(node), text.start(node.operand)
        end = start + len(symbol)
        while end < stop and text.source[end] == " ":
            end += 1
        yield Change(start, end, "", Kind.UNARY, f"`{symbol}` was dropped")


def augmented(text: Text, node: ast.AugAssign) -> Iterator[Change]:
    """`+=` to `-=` and to `=`."""
    if type(node.op) in BINARY:
        old, new, _ = BINARY[type(node.op)]
        for assignment in (f"{new}=", "="):
            yield from _swapped(text, (node.target, node.value), (f"{old}=", assignment, Kind.ASSIGNMENT))


def _swapped(
    text: Text, operands: tuple[ast.expr, ast.expr], swap: tuple[str, str, Kind]
) -> Iterator[Change]:
    """Between two operands stand, beside the operator, brackets, blanks and comments only."""
    old, new, kind = swap
    start = text.end(operands[0])
    between = text.source[start : text.start(operands[1])]
    blanked = COMMENT.sub(lambda found: " " * len(found[0]), between)
    pattern = r"\s+".join(map(re.escape, old.split()))
    if found := re.search(pattern, blanked):
        yield Change(start + found.start(), start + found.end(), new, kind, f"`{old}` became `{new}`")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )
