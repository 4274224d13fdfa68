"""What authors read about a check, line by line."""

from api.cli.check_report import is_too_weak, report_lines
from core.grading import Verdict
from graders.strength.change import Kind
from graders.strength.mutants import mutants
from graders.strength.report import Checked, CheckReport, Fate, strength

GOOD = Checked("accepted.py", Verdict.ACCEPTED, Verdict.ACCEPTED, True, None, 12, 20, 1000)
BAD = Checked(
    "wrong_answer.py", Verdict.WRONG_ANSWER, Verdict.ACCEPTED, False, "The tests accept it.", 11, None, 1000
)
ABSENT = Checked("accepted.rs", Verdict.ACCEPTED, None, None, "It was not run: this host has no Rust.")
MUTANTS = mutants("def f(a, b):\n    return a < b\n").chosen


def lines(report: CheckReport, at_least: float | None = None) -> list[str]:
    return [line.text for line in report_lines("numbers/sum", report, at_least)]


def half_strong(possible: int = 2) -> CheckReport:
    [boundary] = [mutant for mutant in MUTANTS if mutant.kind is Kind.BOUNDARY]
    pairs = [(MUTANTS[0], Fate.KILLED), (boundary, Fate.SURVIVED)]
    return CheckReport((GOOD,), (), strength("accepted.py", pairs, possible))


def test_a_solution_is_a_line_with_its_times_beside_the_limit():
    assert lines(CheckReport((GOOD,)))[1] == (
        "  ok       accepted.py  accepted               12 of 1000 ms CPU (20 ms on the clock)"
    )


def test_a_refusal_is_followed_by_its_reason():
    found = lines(CheckReport((BAD,)))
    assert found[1].split() == ["REFUSED", "wrong_answer.py", "accepted", "11", "of", "1000", "ms", "CPU"]
    assert found[2].strip() == "The tests accept it."


def test_what_could_not_run_is_told_and_is_neither_right_nor_wrong():
    assert [line.split()[:3] for line in lines(CheckReport((ABSENT,)))[1:]] == [
        ["not", "run", "accepted.rs"],
        ["It", "was", "not"],
    ]


def test_warnings_and_the_reason_for_no_mutants_are_told():
    found = lines(CheckReport((GOOD,), ("Nobody has shown it.",), None, "No program."))
    assert found[2:] == ["  warning  Nobody has shown it.", "  mutants  No program."]


def test_a_surviving_mutant_is_shown_as_a_diff():
    found = lines(half_strong())
    assert found[2] == "  mutants  2 of accepted.py: the tests notice 1; score 0.50"
    assert found[3].strip() == "not noticed: line 2: `<` became `<=`"
    assert [line.strip() for line in found[4:]] == ["def f(a, b):", "-    return a < b", "+    return a <= b"]


def test_a_sample_is_told_as_one():
    assert lines(half_strong(possible=40))[2].startswith(
        "  mutants  2 of accepted.py (about 40 are possible): "
    )


def test_tests_weaker_than_was_asked_for_are_marked():
    assert lines(half_strong(), 0.8)[2].startswith("  WEAK ")
    assert lines(half_strong(), 0.8)[2].endswith("score 0.50, and 0.8 was asked for")
    assert is_too_weak(half_strong(), 0.51)
    assert not is_too_weak(half_strong(), 0.5)
    assert not is_too_weak(CheckReport((GOOD,)), 1.0)
