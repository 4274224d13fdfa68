from __future__ import annotations

from typing import Any

import pytest

from graders.code.sql.tables import Comparison, answers, comparison, read_table, table_difference, table_text


def compared(expected: Any, got: Any, **options: Any) -> str | None:
    tables = [read_table(form if isinstance(form, dict) else {"rows": form}) for form in (expected, got)]
    return table_difference(tables[0], tables[1], comparison({"compare": options}))


def test_rows_have_no_order_unless_it_is_asked_for() -> None:
    rows = [[1, "a"], [2, None], [2, None]]
    assert compared(rows, rows[::-1]) is None
    assert compared(rows, rows[::-1], ordered=True) == "row 1: 2, not 1"


def test_a_row_counts_as_often_as_it_is_there() -> None:
    assert compared([[1], [1], [2]], [[1], [2], [2]]) == "the row (1) is missing"
    assert compared([[1], [1]], [[1]]) == "1 rows, not 2"


@pytest.mark.parametrize(("expected", "got"), [(1, "1"), (None, 0), (None, ""), ("a", {"$bytes": "YQ=="})])
def test_values_are_compared_by_type(expected: Any, got: Any) -> None:
    assert compared([[expected]], [[got]])


def test_integers_equal_floats_unless_types_are_exact() -> None:
    assert compared([[3]], [[3.0]]) is None
    assert compared([[3]], [[3.0]], types="exact")


def test_floats_may_differ_within_the_tolerance() -> None:
    assert compared([[0.3], [5.0]], [[5.0], [0.1 + 0.2]]) is None
    assert compared([[2.0]], [[2.05]], absolute=0.1) is None
    assert compared([[2.0]], [[2.05]])


def test_column_names_count_only_when_asked_for() -> None:
    one, other = {"columns": ["a"], "rows": [[1]]}, {"columns": ["b"], "rows": [[1]]}
    assert compared(one, other) is None
    assert compared(one, other, column_names=True) == "the columns are b, not a"
    assert compared(one, {"columns": ["A"], "rows": [[1]]}, column_names=True) is None


def test_the_number_of_columns_always_counts() -> None:
    assert compared({"columns": ["a"], "rows": []}, {"columns": ["a", "b"], "rows": []}) == "2 columns, not 1"


def test_no_rows_equal_no_rows() -> None:
    assert compared([], {"columns": ["a"], "rows": []}) is None


def test_values_of_every_type_can_be_sorted() -> None:
    rows = [[None], [1], [2.5], ["x"], [{"$bytes": "YQ=="}], [{"$float": "inf"}]]
    assert compared(rows, rows[::-1]) is None


def test_answers_end_where_something_else_was_written() -> None:
    good = b'{"table": {"columns": ["a"], "rows": [[1]]}}\n'
    assert len(answers(good + b"SQLite format 3\0\n" + good)) == 1


def test_a_long_table_is_shown_in_part() -> None:
    text = table_text(read_table({"columns": ["n"], "rows": [[n] for n in range(50)]}))
    assert text.startswith("n\n(0)\n(1)\n")
    assert text.endswith("… and 38 more rows")


def test_by_default_order_and_names_do_not_count() -> None:
    assert comparison({}) == Comparison(ordered=False, column_names=False)
