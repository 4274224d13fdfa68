from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidAnswer, InvalidSpec
from graders.code.sql.grader import SqlGrader

GRADER = SqlGrader()
SPEC: dict[str, Any] = {
    "schema": "CREATE TABLE t (a)",
    "solution": "SELECT secret FROM t",
    "cases": [
        {"sample": True, "name": "shown", "fixtures": "INSERT INTO t VALUES (1)"},
        {"name": "secret", "fixtures": "INSERT INTO t VALUES ('secret')", "expected": {"rows": [["secret"]]}},
    ],
}


def test_the_spec_fits() -> None:
    GRADER.check_spec(SPEC)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cases": []}, "spec.cases"),
        ({"cases": [{"expected": {"rows": [[{"$tuple": []}]]}}]}, "spec.cases.0.expected.rows.0"),
        ({"cases": [{"expected": {"rows": [[True]]}}]}, "spec.cases.0.expected.rows.0"),
        ({"cases": [{"expected": {"columns": ["a"], "rows": [[1, 2]]}}]}, "spec.cases.0.expected.rows.0"),
        ({"cases": [{"name": "x"}, {"name": "x"}]}, "spec.cases"),
        ({"schema": "\ud800"}, "spec.schema"),
        ({"languages": ["python"]}, "spec.languages.0"),
    ],
)
def test_what_cannot_be_graded_is_refused_with_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidSpec) as refusal:
        GRADER.check_spec(SPEC | change)
    assert field in refusal.value.errors


def test_without_a_solution_every_case_needs_its_rows() -> None:
    spec = {key: value for key, value in SPEC.items() if key != "solution"}
    with pytest.raises(InvalidSpec) as refusal:
        GRADER.check_spec(spec)
    assert list(refusal.value.errors) == ["spec.cases.0"]


def test_learners_see_the_schema_and_the_samples_only() -> None:
    seen = GRADER.redact(SPEC)

    assert "secret" not in json.dumps(seen)
    assert seen["samples"] == [{"name": "shown", "fixtures": "INSERT INTO t VALUES (1)", "expected": None}]
    assert seen["case_count"] == 1


def test_a_blank_query_is_refused() -> None:
    with pytest.raises(InvalidAnswer):
        GRADER.check_answer(SPEC, {"language": "sql", "source": " \n"})
