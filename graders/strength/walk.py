"""Every change of a program that could matter: a walk over its syntax tree, past what nobody needs to test."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from graders.strength import expressions, operators
from graders.strength.change import Change, Kind, short
from graders.strength.text import Text, Unmutable

# Annotations change nothing; decorators mostly say how fast; the rest are marks without a text of their own.
PASSED_OVER = {"annotation", "returns", "decorator_list", "type_params", "ctx", "op", "ops"}
IMPORTS = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)
DELETED = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Raise, ast.Return)
LAST = (ast.Return, ast.Raise, ast.Break, ast.Continue)
TUNING = {"setrecursionlimit", "stack_size", "TypeVar", "NewType"}  # calls whose arguments are no behaviour
Changes = Callable[[Text, Any], Iterator[Change]]
BY_TYPE: dict[type[ast.AST], Changes] = {
    ast.BinOp: operators.binary,
    ast.Compare: operators.comparison,
    ast.BoolOp: operators.boolean,
    ast.UnaryOp: operators.unary,
    ast.AugAssign: operators.augmented,
    ast.Subscript: expressions.subscript,
    ast.Call: expressions.call,
    ast.Return: expressions.returned,
    ast.Yield: expressions.yielded,
    ast.Lambda: expressions.anonymous,
    ast.If: lambda text, node: expressions.condition(text, node.test),
    ast.While: lambda text, node: expressions.condition(text, node.test),
    ast.IfExp: lambda text, node: expressions.condition(text, node.test),
    ast.match_case: lambda text, node: expressions.condition(text, node.guard),
    ast.comprehension: lambda text, node: (
        one for test in node.ifs for one in expressions.condition(text, test)
    ),
}


def changes(text: Text, *, imported: bool) -> list[Change]:
    """The changes in the order of the text. `imported`: the program is loaded as a module, so what it does under
    `if __name__ == "__main__"` does not run. Raises Unmutable."""
    try:
        walk = _Walk(text, imported)
        walk.block(text.tree.body)
    except RecursionError as error:
        raise Unmutable("The program is nested too deeply to be mutated.") from error
    return sorted(walk.found, key=lambda change: (change.start, change.end))


class _Walk:
    def __init__(self, text: Text, imported: bool) -> None:
        self.text = text
        self.imported = imported
        self.found: list[Change] = []
        self.raising = False
        names = (node for node in ast.walk(text.tree) if isinstance(node, ast.Name | ast.arg))
        self.bound = Counter(
            node.arg if isinstance(node, ast.arg) else node.id
            for node in names
            if isinstance(node, ast.arg) or isinstance(node.ctx, ast.Store)
        )

    def block(self, statements: Iterable[ast.stmt]) -> None:
        """Statements up to the one after which none is reached."""
        for statement in statements:
            self.statement(statement)
            if isinstance(statement, LAST):
                return

    def statement(self, node: ast.stmt) -> None:
        """The deletion of a statement, and the changes in it."""
        if _is_no_behaviour(node):
            return
        if isinstance(node, ast.If) and (never := _is_special(node.test)):
            if never == "__main__" and not self.imported:
                self.block(node.body)
            self.block(node.orelse)
            return
        if isinstance(node, ast.Break | ast.Continue):
            self.jump(node)
        elif isinstance(node, DELETED) and not self.only_binding(node):
            self.add(node, "pass", Kind.DELETION, f"{short(self.text.of(node))} was deleted")
        self.inside(node)

    def inside(self, node: ast.AST) -> None:
        """The changes of a node, then those of what it is made of."""
        if isinstance(node, ast.Constant):
            if not (self.raising and isinstance(node.value, str)):  # messages are for people
                self.found += expressions.constant(self.text, node)
        elif isinstance(node, ast.JoinedStr):
            self.formatted(node)
        elif not (isinstance(node, ast.Call) and _called(node) in TUNING):
            if found := BY_TYPE.get(type(node)):
                self.found += found(self.text, node)
            self.fields(node)

    def fields(self, node: ast.AST) -> None:
        raising, self.raising = self.raising, self.raising or isinstance(node, ast.Raise)
        for name, value in [("body", node.body)] if isinstance(node, ast.ClassDef) else ast.iter_fields(node):
            if name not in PASSED_OVER:
                self.field(value)
        self.raising = raising

    def field(self, value: Any) -> None:
        items = value if isinstance(value, list) else [value]
        if items and isinstance(items[0], ast.stmt):
            self.block(items)
        else:
            for item in items:
                if isinstance(item, ast.AST):
                    self.inside(item)

    def formatted(self, node: ast.JoinedStr) -> None:
        """An f-string, and the expressions in it where Python knows their positions (before 3.12 not always)."""
        if not self.raising:
            self.found += expressions.formatted(self.text, node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and self.is_placed(part.value):
                self.inside(part.value)

    def is_placed(self, node: ast.expr) -> bool:
        try:
            return ast.dump(ast.parse(self.text.of(node), mode="eval").body) == ast.dump(node)
        except (SyntaxError, ValueError, IndexError):
            return False

    def jump(self, node: ast.Break | ast.Continue) -> None:
        old, new = ("break", "continue") if isinstance(node, ast.Break) else ("continue", "break")
        self.add(node, new, Kind.LOOP, f"`{old}` became `{new}`")
        self.add(node, "pass", Kind.LOOP, f"`{old}` was deleted")

    def add(self, node: ast.AST, new: str, kind: Kind, what: str) -> None:
        self.found.append(Change(self.text.start(node), self.text.end(node), new, kind, what))

    def only_binding(self, node: ast.stmt) -> bool:
        """Whether a name gets its only value here: without it the program only fails, which tests nothing."""
        if isinstance(node, ast.AnnAssign):
            return node.value is None or self.is_bound_once(node.target)
        return isinstance(node, ast.Assign) and any(self.is_bound_once(target) for target in node.targets)

    def is_bound_once(self, target: ast.expr) -> bool:
        if isinstance(target, ast.Tuple | ast.List):
            return any(self.is_bound_once(item) for item in target.elts)
        return isinstance(target, ast.Name) and self.bound[target.id] <= 1


def _is_no_behaviour(node: ast.stmt) -> bool:
    """Imports, docstrings and `...`, `__all__`; assertions too: a right program's hold, so nobody sees them go."""
    bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return bare or isinstance(node, (*IMPORTS, ast.Assert)) or _sets_dunder(node)


def _sets_dunder(node: ast.stmt) -> bool:
    """`__all__ = ...` and its like."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(target, ast.Name) and target.id.startswith("__") for target in targets)


def _is_special(test: ast.expr) -> str | None:
    """`__main__` for the condition under which a program runs as such, `never` for one that does not hold."""
    if isinstance(test, ast.Compare) and "__name__" in (
        name.id for name in (test.left, *test.comparators) if isinstance(name, ast.Name)
    ):
        return "__main__"
    if isinstance(test, ast.Constant) and not test.value:
        return "never"
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return "never" if name == "TYPE_CHECKING" else None


def _called(node: ast.Call) -> str | None:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
