from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidSpec
from core.grading import CaseResult, Verdict
from graders.code.unit_tests.grader import UnitTestsGrader, box_limits, read_run

GRADER = UnitTestsGrader()
TESTS = "from solution import add\n\n\ndef test_secret():\n    assert add(1, 2) == 3\n"


def test_the_minimal_spec_fits() -> None:
    GRADER.check_spec({"languages": ["python"], "module": "solution", "tests": TESTS})


@pytest.mark.parametrize(
    ("spec", "field", "words"),
    [
        ({"tests": "def test("}, "spec.tests", "Line 1"),
        ({"tests": "import solution\n"}, "spec.tests", "holds no test"),
        ({"tests": "import pytest\n" + TESTS}, "spec.tests", "no pytest"),
        ({"tests": "(" * 5000 + ")" * 5000}, "spec.tests", ""),
        ({"tests": TESTS, "sample_tests": "\ud800"}, "spec.sample_tests", "half a character"),
        ({"tests": TESTS, "module": "unittest"}, "spec.module", "choose another"),
        ({"tests": TESTS, "module": "Not-a-name"}, "spec.module", "match"),
    ],
)
def test_tests_that_cannot_run_are_refused_with_the_reason(
    spec: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidSpec) as refusal:
        GRADER.check_spec(spec)
    assert words in refusal.value.errors[field][0]


def test_learners_see_sample_tests_only() -> None:
    seen = GRADER.redact({"tests": TESTS, "sample_tests": "def test_shown(): pass\n"})

    assert "secret" not in json.dumps(seen)
    assert seen["sample_tests"] == "def test_shown(): pass\n"


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_the_test_during_which_a_run_ends_has_begun_and_not_ended() -> None:
    run = read_run(lines({"tests": ["a", "b", "c"]}, {"begin": "a"}, {"passed": "a"}, {"begin": "b"}))

    assert (list(run.ended), run.begun) == (["a"], "b")


def test_a_skipped_test_has_no_result() -> None:
    run = read_run(
        lines({"tests": ["a", "b"]}, {"begin": "a"}, {"skipped": "a"}, {"begin": "b"}, {"passed": "b"})
    )

    assert (list(run.ended), run.skipped, run.begun) == (["b"], ["a"], None)


def test_a_run_that_told_nothing_has_no_tests() -> None:
    run = read_run(b"")

    assert (run.tests, run.unloaded) == (None, None)


def result(group: str, score: float) -> CaseResult:
    return CaseResult("x", Verdict.ACCEPTED if score else Verdict.WRONG_ANSWER, score, group)


@pytest.mark.parametrize(("scoring", "score"), [("sum", 0.5), ("min", 0.0)])
def test_samples_earn_nothing(scoring: str, score: float) -> None:
    results = [result("sample", 1.0), result("main", 1.0), result("main", 0.0)]

    assert GRADER.summarise({"tests": TESTS, "scoring": scoring}, results).score == score


def test_a_limit_for_python_is_the_one_that_counts_as_learners_are_told() -> None:
    limits = {"cpu_seconds": 1, "by_language": {"python": {"cpu_seconds": 3}}}
    assert GRADER.redact({"tests": TESTS, "limits": limits})["limits"]["by_language"] == limits["by_language"]
    assert box_limits({"tests": TESTS, "limits": limits}).cpu_seconds == 3
