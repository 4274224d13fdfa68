"""HumanEval's problems as challenges: nothing that a learner defines decides what is right, and weak tests show."""

from collections.abc import Iterator

import pytest

from benchmarks.humaneval import graded, problems, refusals, survivors, verified
from core.grading import Verdict
from graders.sandbox.pool import close_pool
from graders.strength.gate import Solution

ITS_OWN_ABS = "def mean_absolute_deviation(numbers):\n    return 5.0\n\n\ndef abs(number):\n    return 0\n"
ITS_OWN_POLY = "def find_zero(xs):\n    return 5.0\n\n\ndef poly(xs, x):\n    return 0\n"
PROBLEMS = {problem.name: problem for problem in problems(None)}


@pytest.fixture(autouse=True)
def _no_box_outlives_a_test() -> Iterator[None]:
    yield
    close_pool()


def test_all_problems_are_imported():
    assert len(PROBLEMS) == 164


@pytest.mark.parametrize(
    ("name", "source"),
    [
        pytest.param("HumanEval/4", ITS_OWN_ABS, id="a builtin of its own"),
        pytest.param("HumanEval/32", ITS_OWN_POLY, id="a helper of the tests"),
    ],
)
def test_a_program_cannot_bring_what_it_is_checked_with(name, source):
    cheat = Solution("cheat.py", Verdict.WRONG_ANSWER, {"language": "python", "source": source})
    verdict, _ = graded(PROBLEMS[name], cheat)
    assert verdict is Verdict.WRONG_ANSWER


def test_a_problem_with_weak_tests_passes_the_gate_and_is_named():
    name, report = verified(PROBLEMS["HumanEval/35"], mutants=20)
    assert list(refusals({name: report})) == []
    [line, *diffs] = survivors({name: report}, diffs=True)
    assert line.startswith("HumanEval/35: 3 of 7 mutants survive")
    assert "    -    m = l[0]" in diffs
    assert "    +    m = l[1]" in diffs
