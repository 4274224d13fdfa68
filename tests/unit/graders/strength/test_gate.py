"""The rules of publishing: promises kept, limits with room, and sentences that say how to mend the rest."""

import pytest

from core.grading import CaseResult, GradeReport, Verdict
from graders.code.batch import BatchGrader
from graders.code.limits import limits_for
from graders.languages import LANGUAGES
from graders.strength.gate import (
    MUTANT_FLOOR_SECONDS,
    Challenge,
    Solution,
    judged,
    mutant_seconds,
    reference,
    tightened,
    warnings,
)
from graders.strength.report import Checked

GROUPS = [{"name": "main", "cases": [{"input": "1", "output": "1"}] * 3}]
CALLS = [{"name": "sample", "sample": True}, {"name": "main"}]
ORDERING = Challenge("true_false", {"correct": True})
ESSAY = Challenge("essay", {})


def batch(**limits) -> Challenge:
    return Challenge("code.batch", {"groups": GROUPS, "limits": limits})


def solution(verdict: str, language: str = "python") -> Solution:
    return Solution(f"{verdict}.x", Verdict(verdict), {"language": language, "source": "x"})


def report(verdict: str, *cpu_ms: int | None) -> GradeReport:
    found = Verdict(verdict)
    results = [
        CaseResult(f"main {i}", found, cpu_ms=cpu, wall_ms=cpu) for i, cpu in enumerate(cpu_ms or (1,))
    ]
    return GradeReport(found, float(found is Verdict.ACCEPTED), tuple(results))


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.INTERNAL_ERROR])
def test_a_solution_that_gets_what_it_promises_passes(verdict):
    found = judged(batch(), solution(verdict), report(verdict))
    assert (found.passed, found.reason) == (True, None)


@pytest.mark.parametrize(
    ("expected", "got", "reason"),
    [
        ("accepted", "wrong_answer", "must be accepted and got wrong_answer"),
        ("wrong_answer", "accepted", "known to be wrong"),
        ("wrong_answer", "time_limit_exceeded", "promises wrong_answer, but it got time_limit_exceeded"),
        ("time_limit_exceeded", "wrong_answer", "promises time_limit_exceeded"),
        ("partially_accepted", "wrong_answer", "promises partially_accepted"),
        ("wrong_answer", "internal_error", "our failure"),
    ],
)
def test_a_broken_promise_is_refused_with_a_sentence(expected, got, reason):
    found = judged(batch(), solution(expected), report(got))
    assert found.passed is False
    assert reason in found.reason


def test_a_limit_too_tight_for_the_reference_is_refused_with_the_figures_and_what_to_write():
    found = judged(batch(cpu_seconds=1), solution("accepted"), report("accepted", 12, 620, 3))
    assert (found.passed, found.cpu_ms, found.limit_ms) == (False, 620, 1000)
    assert "used 620 ms of CPU" in found.reason
    assert found.reason.endswith("Write limits.cpu_seconds: 1.3 or more.")


def test_what_it_says_to_write_is_enough():
    for cpu_ms in range(501, 9000, 7):
        found = judged(batch(cpu_seconds=1), solution("accepted"), report("accepted", cpu_ms))
        advised = float(found.reason.split("cpu_seconds: ")[1].split()[0])
        again = judged(batch(cpu_seconds=advised), solution("accepted"), report("accepted", cpu_ms))
        assert again.passed, (cpu_ms, advised)


def test_half_of_the_limit_is_allowed():
    assert judged(batch(cpu_seconds=1), solution("accepted"), report("accepted", 500)).passed


def test_the_factor_of_a_language_belongs_to_its_limit():
    assert judged(batch(cpu_seconds=1), solution("accepted", "java"), report("accepted", 1000)).passed
    found = judged(batch(cpu_seconds=1), solution("accepted", "java"), report("accepted", 1400))
    assert found.limit_ms == 2000
    assert found.reason.endswith("Write limits.cpu_seconds: 1.4 or more.")


def test_a_language_with_a_limit_of_its_own_is_told_of_that_one():
    challenge = batch(cpu_seconds=5, by_language={"java": {"cpu_seconds": 1}})
    found = judged(challenge, solution("accepted", "java"), report("accepted", 700))
    assert found.limit_ms == 1000
    assert found.reason.endswith("Write limits.by_language.java.cpu_seconds: 1.4 or more.")


def test_where_no_limit_would_be_enough_the_tests_must_become_smaller():
    found = judged(batch(cpu_seconds=20), solution("accepted"), report("accepted", 11_000))
    assert "make the tests smaller" in found.reason


def test_a_slow_solution_that_is_not_accepted_may_use_all_of_its_limit():
    assert judged(batch(cpu_seconds=1), solution("wrong_answer"), report("wrong_answer", 990)).passed


def test_the_calls_of_a_group_share_the_limit_but_not_those_of_samples():
    groups = [{**group, "cases": [{"args": [1], "returns": 1}] * 3} for group in CALLS]
    challenge = Challenge("code.function", {"function": "f", "groups": groups, "limits": {"cpu_seconds": 1}})
    results = [
        CaseResult("c", Verdict.ACCEPTED, 1, group, 200) for group in ("sample", "main") for _ in "abc"
    ]
    found = judged(challenge, solution("accepted"), GradeReport(Verdict.ACCEPTED, 1.0, tuple(results)))
    assert (found.cpu_ms, found.passed) == (600, False)


def test_a_question_has_no_times():
    found = judged(ORDERING, Solution("e", Verdict.ACCEPTED, {"value": True}), report("accepted", None))
    assert (found.passed, found.cpu_ms, found.limit_ms) == (True, None, None)


def test_it_is_told_that_nobody_has_solved_it_and_that_nothing_wrong_was_tried():
    assert (
        "Nobody has shown that this challenge can be solved"
        in warnings(batch(), [solution("wrong_answer")])[0]
    )
    assert "wrong answers are refused" in warnings(batch(), [solution("accepted")])[0]
    assert len(warnings(batch(), [])) == 2
    assert warnings(batch(), [solution("accepted"), solution("runtime_error")]) == ()


@pytest.mark.parametrize(("line", "told"), [("from solution import *", 1), ("from solution import star", 0)])
def test_tests_that_import_every_name_of_the_learner_are_warned_of(line, told):
    challenge = Challenge("code.unit_tests", {"tests": f"import math\n{line}\n"})
    found = warnings(challenge, [solution("accepted"), solution("wrong_answer")])
    assert [("import *" in text) for text in found] == [True] * told


def test_an_author_of_questions_reads_of_examples_and_one_of_essays_nothing():
    assert all("example" in text for text in warnings(ORDERING, []))
    assert warnings(ESSAY, []) == ()


def test_the_reference_is_the_first_python_solution_that_was_accepted():
    solutions = [solution("wrong_answer"), solution("accepted", "c"), solution("accepted")]
    solutions.append(Solution("accepted_b.py", Verdict.ACCEPTED, {"language": "python", "source": "y"}))

    def checked(*names):
        return [Checked(name, Verdict.ACCEPTED, Verdict.ACCEPTED, True) for name in names]

    assert reference(solutions, checked("accepted.x", "accepted_b.py")) is solutions[2]
    assert reference(solutions, checked("accepted_b.py")) is solutions[3]
    assert reference(solutions, []) is None


def test_a_mutant_gets_ten_times_the_time_of_its_original_but_never_less_than_the_floor():
    assert mutant_seconds(200) == 2.0
    assert mutant_seconds(3) == mutant_seconds(None) == MUTANT_FLOOR_SECONDS


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"cpu_seconds": 0.1},
        {"cpu_seconds": 5, "wall_seconds": 6},
        {
            "cpu_seconds": 5,
            "memory_mb": 64,
            "by_language": {"python": {"cpu_seconds": 9}, "c": {"memory_mb": 32}},
        },
        {"cpu_seconds": 0.2, "by_language": {"python": {"wall_seconds": 30}}},
    ],
)
def test_tightened_limits_are_valid_and_never_looser_than_the_challenges_own(limits):
    spec = batch(**limits).spec
    before = limits_for(spec, LANGUAGES["python"])
    narrow = tightened(spec, 0.5)
    BatchGrader().check_spec(narrow)
    after = limits_for(narrow, LANGUAGES["python"])
    assert after.cpu_seconds == min(0.5, before.cpu_seconds)
    assert after.wall <= before.wall
    assert after.memory_mb == before.memory_mb
    assert spec == batch(**limits).spec
