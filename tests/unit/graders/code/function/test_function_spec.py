from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidAnswer, InvalidSpec
from graders.code.function.calls import records
from graders.code.function.grader import FunctionGrader

GRADER = FunctionGrader()
SPEC: dict[str, Any] = {
    "languages": ["python"],
    "function": "add",
    "cases": [
        {"args": [1, {"$tuple": [2]}], "returns": 3, "sample": True, "name": "two numbers"},
        {"args": ["secret"], "raises": "SecretError", "name": "secret name"},
    ],
}


def test_the_minimal_spec_fits() -> None:
    GRADER.check_spec(SPEC)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"function": "no name"}, "spec.function"),
        ({"languages": ["c"]}, "spec.languages.0"),
        ({"cases": []}, "spec.cases"),
        ({"groups": []}, "spec.groups"),
        ({"cases": [{"args": [1]}]}, "spec.cases.0"),
        ({"cases": [{"returns": 1, "raises": "TypeError"}]}, "spec.cases.0"),
        ({"cases": [{"returns": {"$set": [[1]]}}]}, "spec.cases.0"),
        ({"cases": [{"returns": [{"$undefined": True}]}]}, "spec.cases.0"),
        ({"cases": [{"returns": "\ud800"}]}, "spec.cases.0"),
        ({"cases": [{"returns": 1, "kwargs": {"a": 1}}], "languages": ["javascript"]}, "spec.cases.0"),
        ({"compare": {"types": "any"}}, "spec.compare.types"),
    ],
)
def test_what_cannot_be_graded_is_refused_with_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidSpec) as refusal:
        GRADER.check_spec(SPEC | change)
    assert field in refusal.value.errors


def test_a_spec_has_cases_or_groups_but_not_both() -> None:
    groups = [{"name": "main", "cases": SPEC["cases"][1:]}]
    with pytest.raises(InvalidSpec):
        GRADER.check_spec(SPEC | {"groups": groups})
    GRADER.check_spec({"function": "add", "groups": groups})


def test_learners_see_samples_only() -> None:
    seen = GRADER.redact(SPEC)

    assert "ecret" not in json.dumps(seen)
    assert seen["groups"][0]["cases"] == [{"name": "two numbers", "call": "add(1, (2,))", "returns": "3"}]
    assert seen["groups"][1]["case_count"] == 1


@pytest.mark.parametrize("source", ["", "  \n", "a\0b", "\ud800"])
def test_a_blank_or_malformed_source_is_refused(source: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        GRADER.check_answer(SPEC, {"language": "python", "source": source})
    assert list(refusal.value.errors) == ["answer.source"]


def test_a_language_that_the_challenge_does_not_take_is_refused() -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        GRADER.check_answer(SPEC, {"language": "javascript", "source": "x"})
    assert list(refusal.value.errors) == ["answer.language"]


@pytest.mark.parametrize(
    "noise",
    [b"nonsense\n", b"[1]\n", b"[" * 100_000 + b"\n", b"\xff\xfe\n", b'{"returned": ' + b"9" * 5000 + b"}\n"],
)
def test_records_end_where_the_program_wrote_something_else(noise: bytes) -> None:
    good = b'{"returned": 1, "cpu": 0.5}\n'
    found = list(records(good + noise + good, 10))
    assert [record.returned for record in found] == [1]


@pytest.mark.parametrize("cpu", ["1e999", '"x"', "-1", "null", "[]"])
def test_a_time_that_is_none_is_not_believed(cpu: str) -> None:
    (record,) = records(b'{"returned": 1, "cpu": ' + cpu.encode() + b"}\n", 10)
    assert record.cpu_seconds is None


def test_no_more_records_than_calls_are_read() -> None:
    assert len(list(records(b'{"returned": 1}\n' * 5, 2))) == 2
