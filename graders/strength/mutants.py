"""Mutants of a Python program: copies with one small mistake each, which good tests notice.

The idea is DeMillo, Lipton and Sayward's ("Hints on Test Data Selection: Help for the Practicing Programmer", IEEE
Computer 11(4), 1978): tests that tell a program from all programs that differ from it a little are good tests.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from types import CodeType
from typing import Any

from graders.strength.change import Change, Kind
from graders.strength.diff import unified
from graders.strength.text import Text, Unmutable
from graders.strength.walk import changes

MAX_DIFF = 4000  # characters in a report: a program may be one long line


@dataclass(frozen=True, slots=True)
class Mutant:
    """A program with one small mistake. `id` is the same whenever the same program is mutated: 12:8-boundary-1."""

    id: str
    line: int
    kind: Kind
    description: str
    original: str = field(repr=False)
    change: Change = field(repr=False)

    @property
    def source(self) -> str:
        """The whole program, mistake included."""
        return apply(self.original, self.change)

    @property
    def diff(self) -> str:
        """What differs, as a unified diff: the lines of the change and two around them."""
        return unified(self.original, self.change, self.source)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "line": self.line,
            "kind": self.kind.value,
            "description": self.description,
            "diff": self.diff if len(self.diff) <= MAX_DIFF else f"{self.diff[:MAX_DIFF]}…",
        }


@dataclass(frozen=True, slots=True)
class Mutants:
    """What was made of one program. `possible`: how many there would be about, when these are a sample."""

    chosen: tuple[Mutant, ...]
    possible: int


def mutants(source: str, most: int | None = None, *, imported: bool = False) -> Mutants:
    """The mutants of a program in the order of its lines, at most so many: then evenly from all kinds and lines.

    None of them has the bytecode of the program itself or of another one: those could not be told apart. `imported`
    says that the program is loaded as a module (see `changes`). Raises Unmutable.
    """
    text = Text(source)
    found = changes(text, imported=imported)
    made = [
        _mutant(text, change, number) for change, number in zip(found, _numbers(text, found), strict=True)
    ]
    order = made if most is None else list(_evenly(made))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chosen = set(_different(text.source, order, len(made) if most is None else most))
    sampled = most is not None and len(chosen) == most < len(made)
    return Mutants(
        tuple(mutant for mutant in made if mutant.id in chosen), len(made) if sampled else len(chosen)
    )


def apply(source: str, change: Change) -> str:
    """The source with the change made, and with a blank where two words would grow together."""
    before, after = source[: change.start], source[change.end :]
    new = change.text
    if _grow_together(before[-1:], (new or after)[:1]):
        new = f" {new}"
    if new.strip() and _grow_together(new[-1:], after[:1]):
        new = f"{new} "
    return before + new + after


def _grow_together(left: str, right: str) -> bool:
    return all(sign.isalnum() or sign in ("_", '"', "'") for sign in (left, right)) and bool(left and right)


def _numbers(text: Text, found: Sequence[Change]) -> Iterator[str]:
    """Line, column, kind and a number for those that share them all."""
    counts: Counter[str] = Counter()
    for change in found:
        line, column = text.place(change.start)
        place = f"{line}:{column}-{change.kind}"
        counts[place] += 1
        yield f"{place}-{counts[place]}"


def _mutant(text: Text, change: Change, number: str) -> Mutant:
    line, _ = text.place(change.start)
    return Mutant(number, line, change.kind, f"line {line}: {change.what}", text.source, change)


def _evenly(made: Sequence[Mutant]) -> Iterator[Mutant]:
    """One of each kind in turn; of one kind first those that are far apart."""
    by_kind: dict[Kind, list[Mutant]] = {}
    for mutant in made:
        by_kind.setdefault(mutant.kind, []).append(mutant)
    for turn in zip_longest(*map(_far_apart, by_kind.values())):
        yield from (mutant for mutant in turn if mutant is not None)


def _far_apart(items: Sequence[Mutant]) -> list[Mutant]:
    """In the order of their indices' bits read backwards: the first, the middle, the quarters, ..."""
    width = max(1, (len(items) - 1).bit_length())
    order = sorted(range(len(items)), key=lambda index: int(f"{index:0{width}b}"[::-1], 2))
    return [items[index] for index in order]


def _different(original: str, order: Sequence[Mutant], most: int) -> Iterator[str]:
    """The ids of at most so many that compile, and to something of their own."""
    known = compiled(original)
    if known is None:
        raise Unmutable("The program parses, but Python does not compile it.")
    seen = {known}
    for mutant in order:
        if most <= 0:
            return
        found = compiled(mutant.source)
        if found is not None and found not in seen:
            seen.add(found)
            most -= 1
            yield mutant.id


def compiled(source: str) -> str | None:
    """What a program compiles to, without line numbers; None when it does not compile."""
    try:
        return repr(_essence(compile(source, "solution.py", "exec", dont_inherit=True)))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def _essence(code: CodeType) -> tuple[Any, ...]:
    inner = tuple(_essence(item) if isinstance(item, CodeType) else item for item in code.co_consts)
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    return code.co_code, inner, names, counts, code.co_exceptiontable
