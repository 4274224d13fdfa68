"""Result tables: reading what the harness wrote, comparing two of them. Pure; runs in the worker."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graders.code.function.values import Rules, Value, difference, read, shown

MAX_ROWS = 2000
MAX_SHOWN = 12


LOOSE = Rules(exact_types=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under column names; `columns` None when the names are not known."""

    columns: tuple[str, ...] | None
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one script or query came to: a table, nothing (no statement selected), or SQLite's complaint."""

    table: Table | None = None
    error: str | None = None
    setup_failed: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """How tables are compared."""

    ordered: bool = False
    column_names: bool = False
    rules: Rules = LOOSE


def comparison(spec: Mapping[str, Any]) -> Comparison:
    """The comparison that a spec asks for: integers and floats are both numbers unless types are exact."""
    options = dict(spec.get("compare", {}))
    ordered, names = options.pop("ordered", False), options.pop("column_names", False)
    exact = options.pop("types", "loose") == "exact"
    return Comparison(ordered, names, Rules(exact, **options))


def answers(results: bytes) -> list[Answer]:
    """What the harness wrote: one answer for the script, one for each probe."""
    found = []
    for line in results.split(b"\n")[:-1]:
        try:
            found.append(_answer(json.loads(line)))
        except (ValueError, TypeError, KeyError):  # a learner's ATTACH reached the descriptor
            break
    return found


def _answer(record: dict[str, Any]) -> Answer:
    if "table" not in record:
        return Answer(error=str(record.get("error", record.get("setup"))), setup_failed="setup" in record)
    return Answer(table=read_table(record["table"]) if record["table"] else None)


def read_table(form: Mapping[str, Any]) -> Table:
    """A table from its JSON form."""
    columns = form.get("columns")
    rows = tuple(tuple(map(read, row)) for row in form["rows"])
    return Table(tuple(columns) if columns is not None else None, rows)


def table_difference(expected: Table, got: Table, how: Comparison) -> str | None:
    """The first difference in words, None when there is none."""
    if how.column_names and (message := _columns_difference(expected.columns, got.columns)):
        return message
    wide = {len(row) for row in (*expected.rows, *got.rows)} | _width(expected) | _width(got)
    if len(wide) > 1:
        return f"{min(_width(got) or wide)} columns, not {min(_width(expected) or wide)}"
    if len(expected.rows) != len(got.rows):
        return f"{len(got.rows)} rows, not {len(expected.rows)}"
    return _ordered(expected, got, how) if how.ordered else _unordered(expected, got, how)


def _width(table: Table) -> set[int]:
    return {len(table.columns)} if table.columns is not None else {len(row) for row in table.rows}


def _columns_difference(expected: Sequence[str] | None, got: Sequence[str] | None) -> str | None:
    if (
        expected is None
        or got is None
        or [name.lower() for name in expected] == [name.lower() for name in got]
    ):
        return None
    return f"the columns are {', '.join(got)}, not {', '.join(expected)}"


def _ordered(expected: Table, got: Table, how: Comparison) -> str | None:
    for number, (right, row) in enumerate(zip(expected.rows, got.rows, strict=True), start=1):
        if message := _row_difference(right, row, how.rules):
            return f"row {number}: {message}"
    return None


def _unordered(expected: Table, got: Table, how: Comparison) -> str | None:
    """Each expected row takes one that equals it; sorting first makes that quick, tolerances make it necessary."""
    left = sorted(got.rows, key=_sort_key)
    for right in sorted(expected.rows, key=_sort_key):
        index = next((i for i, row in enumerate(left) if not _row_difference(right, row, how.rules)), None)
        if index is None:
            return f"the row {_row(right)} is missing"
        del left[index]
    return None


def _row_difference(right: Sequence[Value], row: Sequence[Value], rules: Rules) -> str | None:
    found = (difference(one, other, rules) for one, other in zip(right, row, strict=True))
    return next((message for message in found if message), None)


def _sort_key(row: Sequence[Value]) -> list[tuple[int, Any]]:
    order = {"None": 0, "int": 1, "float": 1, "str": 2, "bytes": 3}
    return [(order[value.kind], 0 if value.held is None else value.held) for value in row]


def _row(row: Sequence[Value]) -> str:
    return "(" + ", ".join("NULL" if value.kind == "None" else shown(value) for value in row) + ")"


def table_text(table: Table | None) -> str:
    """A table for a learner to read, its first rows."""
    if table is None:
        return "(no statement selected anything)"
    head = [" | ".join(table.columns)] if table.columns is not None else []
    more = len(table.rows) - MAX_SHOWN
    rest = [f"… and {more} more rows"] if more > 0 else []
    return "\n".join([*head, *map(_row, table.rows[:MAX_SHOWN]), *rest])
