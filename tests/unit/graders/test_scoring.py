import pytest

from core.errors import InfrastructureError
from core.grading import CaseResult, Verdict
from graders.scoring import summarise

GOOD, BAD, SLOW = Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT_EXCEEDED


def case(verdict, score=None, group="main"):
    return CaseResult("1", verdict, (1.0 if verdict is GOOD else 0.0) if score is None else score, group)


def test_all_accepted_is_accepted():
    report = summarise([case(GOOD), case(GOOD)])
    assert (report.verdict, report.score) == (GOOD, 1.0)


def test_the_first_failure_names_the_verdict_when_nothing_was_won():
    assert summarise([case(SLOW), case(BAD)]).verdict is SLOW


def test_some_of_the_score_is_partial():
    report = summarise([case(GOOD), case(BAD)])
    assert (report.verdict, report.score) == (Verdict.PARTIALLY_ACCEPTED, 0.5)


def test_groups_weigh_what_their_points_say():
    results = [case(GOOD, group="a"), case(BAD, group="b")]
    assert summarise(results, {"a": 30, "b": 70}).score == 0.3


def test_a_group_that_was_never_reached_scores_nothing():
    assert summarise([case(BAD, group="a")], {"a": 50, "b": 50}).score == 0.0


def test_a_failed_case_is_never_accepted_even_where_it_weighs_nothing():
    report = summarise([case(BAD, group="sample"), case(GOOD)], {"main": 100})
    assert report.verdict is Verdict.PARTIALLY_ACCEPTED


def test_a_part_that_counts_nothing_is_a_wrong_answer():
    part = case(Verdict.PARTIALLY_ACCEPTED, 0.5, group="sample")
    assert summarise([part, case(BAD)], {"main": 100}).verdict is BAD


def test_a_compile_error_keeps_what_the_compiler_said():
    report = summarise([CaseResult("compile", Verdict.COMPILE_ERROR, feedback="line 1: what?")])
    assert (report.verdict, report.compile_output) == (Verdict.COMPILE_ERROR, "line 1: what?")


def test_no_result_is_our_failure_and_never_a_pass():
    with pytest.raises(InfrastructureError):
        summarise([])
