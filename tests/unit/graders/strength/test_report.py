"""What a check found, counted and made ready for JSON."""

import json

import pytest

from core.grading import Verdict
from graders.strength.mutants import mutants
from graders.strength.report import Checked, CheckReport, Fate, fate_of, strength

MUTANTS = mutants("print(a + b)\nprint(c < 2)").chosen
K, T, S, I = Fate.KILLED, Fate.TIMED_OUT, Fate.SURVIVED, Fate.INVALID  # noqa: E741


def found(*fates: Fate):
    return strength("accepted.py", zip(MUTANTS, fates, strict=False), possible=9)


@pytest.mark.parametrize(
    ("verdict", "fate"),
    [
        ("accepted", S),
        ("wrong_answer", K),
        ("partially_accepted", K),
        ("runtime_error", K),
        ("memory_limit_exceeded", K),
        ("time_limit_exceeded", T),
        ("compile_error", I),
        ("internal_error", I),
    ],
)
def test_a_mutant_is_killed_by_every_verdict_on_it_that_is_not_accepted(verdict, fate):
    assert fate_of(Verdict(verdict)) is fate


def test_the_score_is_killed_over_judged():
    counted = found(K, T, S, I, K)
    assert (counted.total, counted.killed, counted.timed_out, counted.invalid) == (4, 3, 1, 1)
    assert counted.score == 0.75
    assert counted.survivors == (MUTANTS[2],)


def test_without_mutants_there_is_no_score():
    assert found().score is None


def test_a_report_is_json_with_the_survivors_as_diffs():
    checked = Checked("accepted.py", Verdict.ACCEPTED, Verdict.ACCEPTED, True, None, 12, 15, 1000)
    told = json.loads(json.dumps(CheckReport((checked,), ("a warning",), found(K, S)).as_dict()))
    assert told["passed"] is True
    assert told["solutions"][0] == checked.as_dict()
    assert (told["strength"]["survived"], told["strength"]["score"]) == (1, 0.5)
    [survivor] = told["strength"]["survivors"]
    assert survivor["diff"] == MUTANTS[1].diff
    assert set(survivor) == {"id", "line", "kind", "description", "diff"}


def test_one_refusal_refuses_the_challenge_but_what_could_not_run_here_does_not():
    def report(*passed):
        return CheckReport(tuple(Checked("x", Verdict.ACCEPTED, None, one) for one in passed))

    assert report(True, None).passed
    assert not report(True, False).passed
