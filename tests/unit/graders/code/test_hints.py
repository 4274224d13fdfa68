from __future__ import annotations

import json
from typing import Any

import pytest

from core.grading import CaseResult, Verdict
from graders.code.batch import BatchGrader

SPEC: dict[str, Any] = {
    "groups": [
        {
            "name": "sample",
            "sample": True,
            "cases": [{"name": "tiny", "input": "1", "output": "1", "hint": "Start at one."}],
        },
        {
            "name": "large",
            "hint": "Think of 64 bits.",
            "cases": [
                {"input": "2", "output": "2"},
                {"input": "3", "output": "3", "hint": "What of the sign?"},
            ],
        },
    ]
}


def hinted(name: str, group: str, attempt: int, verdict: Verdict = Verdict.WRONG_ANSWER) -> str | None:
    result = CaseResult(name, verdict, group=group, feedback="no")
    return BatchGrader().with_hint(SPEC, result, attempt).feedback


def test_a_spec_may_carry_hints() -> None:
    BatchGrader().check_spec({**SPEC, "hints_after": 2})


@pytest.mark.parametrize("attempt", [1, 2])
def test_the_first_attempts_get_no_hint(attempt: int) -> None:
    assert hinted("tiny", "sample", attempt) == "no"


def test_the_third_attempt_gets_the_hint_of_its_test() -> None:
    assert hinted("tiny", "sample", 3) == "no\nhint: Start at one."
    assert hinted("large 2", "large", 7) == "no\nhint: What of the sign?"


def test_a_test_without_a_hint_gets_that_of_its_group() -> None:
    assert hinted("large 1", "large", 3) == "no\nhint: Think of 64 bits."


def test_a_challenge_decides_when_hints_come() -> None:
    result = CaseResult("large 1", Verdict.TIME_LIMIT_EXCEEDED, group="large")
    spec = {**SPEC, "hints_after": 1}
    assert BatchGrader().with_hint(spec, result, 1).feedback == "hint: Think of 64 bits."


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.COMPILE_ERROR])
def test_what_passed_or_never_ran_gets_no_hint(verdict: Verdict) -> None:
    assert hinted("tiny", "sample", 3, verdict) == "no"


def test_what_learners_see_of_a_challenge_holds_no_hint() -> None:
    shown = json.dumps(BatchGrader().redact({**SPEC, "hints_after": 2}))
    assert "hint" not in shown
    assert "Start at one" not in shown
    assert "64 bits" not in shown
