from __future__ import annotations

from typing import Any

import pytest

from core.errors import InvalidSpec
from graders.code.batch import BatchGrader
from graders.code.judging import judge
from graders.code.limits import limits_for, read_limits, shown_limits
from graders.languages import LANGUAGES
from graders.sandbox.values import Allowance, Outcome, Stop

PYTHON, JAVA = LANGUAGES["python"], LANGUAGES["java"]


def spec(**limits: Any) -> dict[str, Any]:
    return {"limits": limits, "groups": [{"name": "main", "cases": [{"input": "", "output": "1"}]}]}


def errors(**limits: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidSpec) as caught:
        BatchGrader().check_spec(spec(**limits))
    return caught.value.errors


def test_a_language_without_a_word_of_its_own_has_the_general_limits() -> None:
    given = spec(cpu_seconds=2, memory_mb=64, by_language={"java": {"memory_mb": 512}})
    assert limits_for(given, PYTHON) == read_limits(given)


def test_a_language_overrides_only_what_it_names() -> None:
    limits = limits_for(spec(cpu_seconds=2, memory_mb=64, by_language={"java": {"memory_mb": 512}}), JAVA)
    assert (limits.memory_mb, limits.cpu_seconds) == (512, 2)


def test_the_time_of_one_language_is_meant_as_it_stands() -> None:
    limits = limits_for(spec(cpu_seconds=1, by_language={"java": {"cpu_seconds": 3}}), JAVA)
    assert limits.cpu_seconds * JAVA.time_factor == 3
    assert limits.wall * JAVA.time_factor == 10


def test_learners_see_the_limits_of_each_language() -> None:
    own = {"python": {"cpu_seconds": 3}}
    assert shown_limits(spec(by_language=own))["by_language"] == own
    assert "by_language" not in shown_limits(spec(cpu_seconds=1))


def test_an_unknown_language_is_refused() -> None:
    assert "spec.limits.by_language" in errors(by_language={"cobol": {"cpu_seconds": 3}})


def test_a_clock_shorter_than_the_cpu_time_is_refused() -> None:
    assert "spec.limits.wall_seconds" in errors(cpu_seconds=3, wall_seconds=1)
    assert "spec.limits.by_language.python.wall_seconds" in errors(
        cpu_seconds=3, by_language={"python": {"wall_seconds": 1}}
    )


def test_a_test_for_which_no_time_was_left_says_so() -> None:
    outcome = Outcome(None, 9, 0.0, 0.0, 0, Stop.BUDGET, False, b"", b"")
    judgement = judge(outcome, Allowance(1, 4, 1 << 26, 1024), read_limits({}), PYTHON)
    assert judgement.verdict == "time_limit_exceeded"
    assert "together" in (judgement.reason or "")
