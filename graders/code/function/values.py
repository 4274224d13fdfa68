"""Values of learners' functions as JSON, and whether one is what was expected. Pure; runs in the worker.

Plain JSON stands for itself: 1 is an int, 1.0 a float, [..] a list, {..} a dict with text keys. What JSON lacks is an
object with one key: {"$tuple": [1, 2]}, {"$set": [...]}, {"$frozenset": [...]}, {"$dict": [[key, value], ...]},
{"$float": "nan"}, {"$int": "123"}, {"$complex": ["1.0", "2.0"]}, {"$bytes": "<base64>"}.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 60
MAX_DIGITS = 4000
SEQUENCES = ("list", "tuple")
SETS = ("set", "frozenset")


@dataclass(frozen=True, slots=True)
class Rules:
    """How to compare. `exact_types` tells int from float and list from tuple; the tolerances are for floats."""

    exact_types: bool = True
    absolute: float = 0.0
    relative: float = 1e-9


@dataclass(frozen=True, slots=True)
class Value:
    """A decoded value: its type's name and what it holds (for collections, a tuple of Values or of pairs)."""

    kind: str
    held: Any


class NotAValue(ValueError):
    """The JSON does not stand for a value; the message says why."""


def read(form: Any, depth: int = 0) -> Value:
    """The value that a JSON form stands for. Raises NotAValue."""
    if depth > MAX_DEPTH:
        raise NotAValue(f"Nested deeper than {MAX_DEPTH}.")
    if isinstance(form, list):
        return Value("list", _items(form, depth))
    if isinstance(form, dict):
        return _object(form, depth)
    return Value("None" if form is None else type(form).__name__, form)


def _items(form: Any, depth: int) -> tuple[Value, ...]:
    if not isinstance(form, list):
        raise NotAValue("A collection's content must be a list.")
    return tuple(read(item, depth + 1) for item in form)


def _object(form: dict[str, Any], depth: int) -> Value:
    tags = [key for key in form if key.startswith("$")]
    if not tags:
        pairs = [(Value("str", key), read(item, depth + 1)) for key, item in form.items()]
        return Value("dict", tuple(pairs))
    if len(form) > 1 or tags[0] not in TAGS:
        raise NotAValue(
            f"{tags[0]!r} is not one of {', '.join(sorted(TAGS))} alone; keys with a $ are written as $dict."
        )
    try:
        return TAGS[tags[0]](form[tags[0]], depth)
    except NotAValue:
        raise
    except (ValueError, TypeError, IndexError, OverflowError, binascii.Error) as error:
        raise NotAValue(f"{tags[0]} holds nothing of that kind.") from error


def _integer(text: Any) -> int:
    if not isinstance(text, str) or len(text) > MAX_DIGITS:
        raise NotAValue(f"$int holds a text of at most {MAX_DIGITS} digits.")
    return int(text, 16 if "0x" in text else 10)


def _pairs(form: Any, depth: int) -> tuple[tuple[Value, Value], ...]:
    pairs = tuple((read(key, depth + 1), read(item, depth + 1)) for key, item in form)
    _keys(tuple(key for key, _ in pairs))
    return pairs


def _keys(values: tuple[Value, ...]) -> tuple[Value, ...]:
    for value in values:
        if value.kind in ("list", "set", "dict"):
            raise NotAValue(f"A {value.kind} can be neither a key nor an item of a set.")
    return values


TAGS: dict[str, Callable[[Any, int], Value]] = {
    "$int": lambda form, depth: Value("int", _integer(form)),
    "$float": lambda form, depth: Value("float", float(form)),
    "$complex": lambda form, depth: Value("complex", complex(float(form[0]), float(form[1]))),
    "$bytes": lambda form, depth: Value("bytes", base64.b64decode(form, validate=True)),
    "$tuple": lambda form, depth: Value("tuple", _items(form, depth)),
    "$set": lambda form, depth: Value("set", _keys(_items(form, depth))),
    "$frozenset": lambda form, depth: Value("frozenset", _keys(_items(form, depth))),
    "$dict": lambda form, depth: Value("dict", _pairs(form, depth)),
    "$undefined": lambda form, depth: Value("undefined", None),
    "$object": lambda form, depth: Value(f"{form[0]} object", str(form[1])),
}


def difference(expected: Value, got: Value, rules: Rules, where: str = "") -> str | None:
    """Where and how `got` is not `expected`, in words; None when it is the same."""
    at = f"at {where}: " if where else ""
    if not _same_kind(expected.kind, got.kind, rules):
        return f"{at}{_named(got.kind)}, not {_named(expected.kind)}"
    if expected.kind in SEQUENCES:
        return _sequence_difference(expected, got, rules, where)
    if expected.kind in SETS or expected.kind == "dict":
        return _keyed_difference(expected, got, rules, where)
    return None if _same(expected.held, got.held, rules) else f"{at}{shown(got)}, not {shown(expected)}"


def _same_kind(expected: str, got: str, rules: Rules) -> bool:
    if expected == got:
        return " object" not in expected
    if rules.exact_types:
        return False
    families = (("int", "float"), SEQUENCES, SETS, ("None", "undefined"))
    return any(expected in family and got in family for family in families)


def _named(kind: str) -> str:
    if kind in ("None", "undefined"):
        return kind
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"


def _same(expected: Any, got: Any, rules: Rules) -> bool:
    if isinstance(expected, bool) or not isinstance(expected, int | float | complex):
        return bool(expected == got)
    if isinstance(expected, int) and isinstance(got, int):
        return expected == got
    return _close(expected, got, rules)


def _close(expected: complex, got: complex, rules: Rules) -> bool:
    if expected == got or (expected != expected and got != got):
        return True
    try:
        apart, size = abs(expected - got), abs(expected)
    except OverflowError:  # an int beyond every float
        return False
    return math.isfinite(apart) and (apart <= rules.absolute or apart <= rules.relative * size)


def _sequence_difference(expected: Value, got: Value, rules: Rules, where: str) -> str | None:
    for index, (one, other) in enumerate(zip(expected.held, got.held, strict=False)):
        if found := difference(one, other, rules, f"{where}[{index}]"):
            return found
    if len(expected.held) == len(got.held):
        return None
    at = f"at {where}: " if where else ""
    return f"{at}{len(got.held)} items, not {len(expected.held)}"


def _keyed_difference(expected: Value, got: Value, rules: Rules, where: str) -> str | None:
    """Sets and dicts: keys must be the same without a tolerance, a dict's values may differ within it."""
    wanted, given = (dict(_by_key(value, rules)) for value in (expected, got))
    at = f"at {where}: " if where else ""
    if missing := next((key for key in wanted if key not in given), None):
        return f"{at}{shown(wanted[missing][0])} is missing"
    if extra := next((key for key in given if key not in wanted), None):
        return f"{at}{shown(given[extra][0])} is too much"
    if expected.kind == "dict":
        for key, (name, item) in wanted.items():
            if found := difference(item, given[key][1], rules, f"{where}[{shown(name)}]"):
                return found
    return None


def _by_key(value: Value, rules: Rules) -> Iterator[tuple[str, tuple[Value, Value]]]:
    pairs = value.held if value.kind == "dict" else [(item, item) for item in value.held]
    for key, item in pairs:
        yield _canonical(key, rules), (key, item)


def _canonical(value: Value, rules: Rules) -> str:
    """One text for all values that are the same."""
    kind, held = value.kind, value.held
    if not rules.exact_types:
        if kind == "float" and held.is_integer():
            kind, held = "int", int(held)
        kind = {"tuple": "list", "frozenset": "set", "undefined": "None"}.get(kind, kind)
    if value.kind in SEQUENCES:
        held = [_canonical(item, rules) for item in held]
    elif value.kind in SETS or value.kind == "dict":
        held = sorted((key, _canonical(item, rules)) for key, (_, item) in _by_key(value, rules))
    else:
        held = repr(held) if not isinstance(held, int) else hex(held)
    return json.dumps([kind, held])


def shown(value: Value) -> str:
    """A value as Python writes it."""
    kind, held = value.kind, value.held
    if kind.endswith(" object") or kind in ("None", "undefined"):
        return str(held) if held is not None else kind
    if kind in SEQUENCES:
        inside = ", ".join(map(shown, held))
        comma = "," if kind == "tuple" and len(held) == 1 else ""
        return f"[{inside}]" if kind == "list" else f"({inside}{comma})"
    if kind == "dict":
        return "{" + ", ".join(f"{shown(key)}: {shown(item)}" for key, item in held) + "}"
    if kind in SETS:
        inside = "{" + ", ".join(map(shown, held)) + "}" if held else ""
        return inside if kind == "set" and held else f"{kind}({inside})"
    return hex(held) if isinstance(held, int) and abs(held) > 10**MAX_SHOWN else repr(held)


MAX_SHOWN = 1000


def for_javascript(form: Any) -> Any:
    """The form with integers that JavaScript's numbers cannot hold as $int (which become BigInt)."""
    if isinstance(form, list):
        return [for_javascript(item) for item in form]
    if isinstance(form, Mapping):
        return {key: for_javascript(item) for key, item in form.items()}
    exact = not isinstance(form, int) or abs(form) < 2**53
    return form if exact else {"$int": str(form)}
