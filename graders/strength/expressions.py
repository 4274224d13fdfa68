"""Changes of constants, bounds, calls and conditions."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from graders.strength.change import Change, Kind, short
from graders.strength.text import Text

GREATEST = 10**40  # a number that is written with more digits is data
SIMPLE = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)
COUNTED = (*SIMPLE, ast.BinOp)
# Operators that change these swap True and False, so negating the whole would be the same change again.
SELF_INVERSE = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
METHODS = {
    "startswith": "endswith",
    "endswith": "startswith",
    "find": "rfind",
    "rfind": "find",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "strip": "lstrip",
    "upper": "lower",
    "lower": "upper",
    "add": "discard",
    "union": "intersection",
    "intersection": "union",
}
PREFIXES = {"0x": "#x", "0o": "#o", "0b": "#b"}


def constant(text: Text, node: ast.Constant) -> Iterator[Change]:
    """Numbers one more and one less, truth values swapped, texts emptied (an empty one filled)."""
    value, written = node.value, text.of(node)
    if isinstance(value, bool):
        yield _replaced(text, node, repr(not value), Kind.BOOLEAN)
    elif isinstance(value, int | float):
        for other in (value + 1, value - 1):
            if math.isfinite(value) and abs(value) < GREATEST and other != value:
                form = PREFIXES.get(written[:2].lower(), "") if isinstance(value, int) else ""
                yield _replaced(text, node, format(other, form) if form else repr(other), Kind.NUMBER)
    elif isinstance(value, str | bytes):
        filled = '""' if value else '"x"'
        yield _replaced(text, node, f"b{filled}" if isinstance(value, bytes) else filled, Kind.TEXT)


def formatted(text: Text, node: ast.JoinedStr) -> Iterator[Change]:
    """An f-string emptied."""
    yield _replaced(text, node, '""', Kind.TEXT)


def subscript(text: Text, node: ast.Subscript) -> Iterator[Change]:
    """An index or a bound of a slice moved by one; constants are `constant`'s."""
    bounds = [node.slice.lower, node.slice.upper] if isinstance(node.slice, ast.Slice) else [node.slice]
    for bound in bounds:
        if isinstance(bound, COUNTED):
            yield from _moved(text, bound)


def call(text: Text, node: ast.Call) -> Iterator[Change]:
    """The bounds of a `range` moved by one; `min` for `max`, `rstrip` for `lstrip` and so on."""
    name = node.func
    if isinstance(name, ast.Name):
        if name.id == "range":
            for bound in node.args[:2]:
                if isinstance(bound, COUNTED):
                    yield from _moved(text, bound)
        elif name.id in FUNCTIONS:
            yield _replaced(text, name, FUNCTIONS[name.id], Kind.CALL)
    elif isinstance(name, ast.Attribute) and name.attr in METHODS:
        end = text.end(name)
        start, other = end - len(name.attr), METHODS[name.attr]
        yield Change(start, end, other, Kind.CALL, f"`{name.attr}` became `{other}`")


def condition(text: Text, test: ast.expr | None) -> Iterator[Change]:
    """A condition negated, unless dropping its `not` or changing its one operator does the same."""
    one_operator = isinstance(test, ast.Compare) and len(test.ops) == 1
    if test is None or isinstance(test, ast.Constant | ast.UnaryOp):
        return
    if isinstance(test, ast.Compare) and one_operator and isinstance(test.ops[0], SELF_INVERSE):
        return
    yield _whole(text, test, negated(text, test), (Kind.CONDITION, "the condition {} was negated"))


def yielded(text: Text, node: ast.Yield) -> Iterator[Change]:
    """`yield None`."""
    if node.value is not None and not _is_none(node.value):
        yield _whole(text, node.value, "None", (Kind.RETURN, "`yield None` instead of {}"))


def anonymous(text: Text, node: ast.Lambda) -> Iterator[Change]:
    """A lambda that returns None."""
    if not _is_none(node.body):
        yield _whole(text, node.body, "None", (Kind.RETURN, "the lambda returns None instead of {}"))


def returned(text: Text, node: ast.Return) -> Iterator[Change]:
    """`return None`, the negated value and the empty one, where the expression shows what it is."""
    value = node.value
    if value is None or _is_none(value):
        return
    yield _whole(text, value, "None", (Kind.RETURN, "`return None` instead of {}"))
    if isinstance(value, ast.BoolOp) or (
        isinstance(value, ast.Compare) and not isinstance(value.ops[0], SELF_INVERSE)
    ):
        yield _whole(text, value, negated(text, value), (Kind.RETURN, "the returned {} was negated"))
    elif isinstance(value, ast.BinOp) and isinstance(
        value.op, ast.Sub | ast.Mult | ast.Div | ast.FloorDiv | ast.Pow
    ):
        yield _whole(text, value, f"-({text.of(value)})", (Kind.RETURN, "the returned {} changed its sign"))
    elif empty := _empty(value):
        yield _whole(text, value, empty, (Kind.RETURN, f"`return {empty}` instead of {{}}"))


def negated(text: Text, node: ast.expr) -> str:
    """The source of `not node`."""
    return f"not {text.of(node)}" if isinstance(node, SIMPLE) else f"not ({text.of(node)})"


def _empty(value: ast.expr) -> str | None:
    if isinstance(value, ast.ListComp) or (isinstance(value, ast.List) and value.elts):
        return "[]"
    if isinstance(value, ast.DictComp) or (isinstance(value, ast.Dict) and value.keys):
        return "{}"
    return "()" if isinstance(value, ast.Tuple) and value.elts else None


def _moved(text: Text, bound: ast.expr) -> Iterator[Change]:
    """One more and one less; in `i + 1` the number changes already."""
    if isinstance(bound, ast.BinOp) and isinstance(bound.op, ast.Add | ast.Sub) and _is_whole(bound.right):
        return
    source = text.of(bound)
    loose = isinstance(bound, ast.BinOp) and not isinstance(
        bound.op, ast.Add | ast.Sub | ast.Mult | ast.FloorDiv
    )
    for step in ("+ 1", "- 1"):
        moved = f"({source}) {step}" if loose else f"{source} {step}"
        yield _whole(text, bound, moved, (Kind.BOUNDARY, f"the bound {{}} became {short(moved)}"))


def _replaced(text: Text, node: ast.expr, new: str, kind: Kind) -> Change:
    return _whole(text, node, new, (kind, f"{{}} became `{new}`"))


def _whole(text: Text, node: ast.expr, new: str, told: tuple[Kind, str]) -> Change:
    """All of a node replaced; `{}` in the words stands for it."""
    kind, words = told
    return Change(text.start(node), text.end(node), new, kind, words.replace("{}", short(text.of(node)), 1))


def _is_whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
