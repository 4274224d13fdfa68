"""Strong and weak tests, told apart by mutants in the real sandbox."""

import shutil
from collections.abc import Iterator

import pytest

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import Verdict
from graders.sandbox.pool import close_pool
from graders.sandbox.values import ENVIRONMENT
from graders.strength.check import Finished, MutantJudged, MutantsMade, Options, SolutionChecked, check
from graders.strength.gate import Challenge, Solution
from graders.strength.report import CheckReport

GROWN_UP = "def grown_up(age):\n    return age >= 18\n"
SUM = "left = int(input())\ntotal = 0\nwhile left > 0:\n    total += left\n    left -= 1\nprint(total)\n"


@pytest.fixture(autouse=True)
def _no_box_outlives_a_test() -> Iterator[None]:
    yield
    close_pool()


def function(*ages: int) -> Challenge:
    cases = [{"args": [age], "returns": age >= 18} for age in ages]
    return Challenge("code.function", {"function": "grown_up", "cases": cases})


def batch(*cases: tuple[str, str]) -> Challenge:
    given = [{"input": left, "output": right} for left, right in cases]
    return Challenge(
        "code.batch", {"limits": {"cpu_seconds": 20}, "groups": [{"name": "main", "cases": given}]}
    )


def python(source: str, verdict: str = "accepted") -> Solution:
    return Solution(f"{verdict}.py", Verdict(verdict), {"language": "python", "source": source})


def report(challenge: Challenge, *solutions: Solution, mutants: int = 50) -> CheckReport:
    *_, last = check(challenge, solutions, Options(mutants, jobs=2))
    assert isinstance(last, Finished)
    return last.report


def alive(found: CheckReport) -> set[str]:
    assert found.strength is not None
    return {mutant.description for mutant in found.strength.survivors}


def test_weak_tests_let_the_wrong_boundary_survive():
    assert "line 2: `>=` became `>`" in alive(report(function(3, 40), python(GROWN_UP)))


def test_strong_tests_kill_every_mutant():
    found = report(function(17, 18, 19), python(GROWN_UP))
    assert alive(found) == set()
    assert found.strength.score == 1.0
    assert found.strength.total > 4


def test_a_mutant_that_never_ends_is_killed_long_before_the_challenges_own_limit():
    # Without its step the program counts for ever; the limit of 20 s is tightened to the floor.
    found = report(batch(("3", "6")), python(SUM))
    assert found.strength.timed_out >= 1
    assert "line 5: `left -= 1` was deleted" not in alive(found)


def test_what_happens_is_told_as_it_happens():
    events = list(check(function(17, 18), [python(GROWN_UP)], Options(5, jobs=2)))
    assert [type(event) for event in events[:2]] == [SolutionChecked, MutantsMade]
    assert [type(event) for event in events[2:]] == [MutantJudged] * events[1].total + [Finished]


def test_a_wrong_program_that_the_tests_accept_is_refused_and_costs_no_mutants():
    wrong = python("def grown_up(age):\n    return age > 18\n", "wrong_answer")
    found = report(function(3, 40), python(GROWN_UP), wrong)
    assert [one.passed for one in found.solutions] == [True, False]
    assert "the tests accept it" in found.solutions[1].reason
    assert found.strength is None
    assert not found.passed


def test_the_solutions_are_shown_with_their_times():
    [checked] = report(batch(("3", "6")), python(SUM), mutants=0).solutions
    assert 0 <= checked.cpu_ms <= checked.limit_ms == 20_000


def test_unit_tests_are_shown_with_the_time_of_their_process():
    tests = "from solution import grown_up\ndef test_eighteen():\n    assert grown_up(18)\n"
    [checked] = report(Challenge("code.unit_tests", {"tests": tests}), python(GROWN_UP), mutants=0).solutions
    assert checked.cpu_ms > 0
    assert checked.limit_ms == 2000


def test_a_solution_in_a_language_that_is_not_here_is_neither_passed_nor_refused():
    programs = {"rust": "rustc", "ruby": "ruby", "go": "go", "php": "php"}
    absent = [
        name for name, program in programs.items() if shutil.which(program, path=ENVIRONMENT["PATH"]) is None
    ]
    if not absent:
        pytest.skip("this host has every language")
    strange = Solution("accepted.x", Verdict.ACCEPTED, {"language": absent[0], "source": "x"})
    found = report(batch(("3", "6")), strange, python(SUM), mutants=0)
    assert [one.passed for one in found.solutions] == [None, True]
    assert found.solutions[0].reason.startswith("It was not run: ")
    assert found.passed


def test_a_question_is_checked_by_its_examples_and_says_why_there_are_no_mutants():
    examples = [
        Solution("right", Verdict.ACCEPTED, {"value": True}),
        Solution("wrong", Verdict.WRONG_ANSWER, {"value": True}),
    ]
    found = report(Challenge("true_false", {"correct": True}), *examples)
    assert [one.passed for one in found.solutions] == [True, False]
    assert "no program to mutate" in found.no_strength


def test_a_listener_that_leaves_ends_the_check():
    events = check(function(17, 18), [python(GROWN_UP)], Options(50, jobs=2))
    assert isinstance(next(events), SolutionChecked)
    events.close()


def test_a_spec_or_an_answer_that_does_not_fit_is_told_before_anything_runs():
    with pytest.raises(InvalidSpec):
        list(check(Challenge("code.batch", {}), []))
    with pytest.raises(InvalidAnswer) as caught:
        list(check(function(1), [Solution("accepted.c", Verdict.ACCEPTED, {"language": "c", "source": "x"})]))
    assert list(caught.value.errors) == ["accepted.c: answer.language"]
