"""Each concern where its figures ask for it, and none where they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.answer_analysis import PartAnalysis, ValueAnalysis
from api.concerns import find_concerns
from api.statistics_shape import StatisticsReport
from core.disclosure import Cell, Distribution, Figure, Reason
from core.services import statistics
from core.services.statistics import FailingTest, Totals

UNTOLD = Figure(reason=Reason.FEWER_THAN_5)
SOLVED = Figure(0.6, 50, 0.46, 0.72)
FINE = StatisticsReport(
    challenge_id=1,
    revision=1,
    totals=Totals(True, 50, 60, None, Figure(1.2, 50), Figure(1.0, 50), SOLVED, Figure(0.5, 50), UNTOLD),
    discrimination=Figure(0.4, 50, 0.14, 0.61),
    upper_lower=UNTOLD,
    sampled=50,
    verdicts=Distribution((Cell("accepted", 30, frozenset(range(30))),)),
    scores=Distribution(),
    languages=Distribution(),
    answers=[],
    tests=None,
)


def codes(report: StatisticsReport) -> list[str]:
    return [concern.code for concern in find_concerns(report)]


def with_totals(**figures: Figure) -> StatisticsReport:
    return replace(FINE, totals=replace(FINE.totals, **figures))


def chosen(*values: tuple[str, int, float | None, float | None]) -> StatisticsReport:
    learners = sum(number for _, number, _, _ in values)
    given = tuple(ValueAnalysis(name, n, n / learners, score, rest) for name, n, score, rest in values)
    return replace(FINE, answers=[PartAnalysis("selected", learners, given, None)])


def failing(ran: int, failed: int) -> StatisticsReport:
    return replace(FINE, tests=statistics.Tests((FailingTest("main", "7", ran, failed),), Distribution()))


def test_good_figures_raise_no_concern():
    assert codes(FINE) == []


def test_figures_of_small_groups_raise_no_concern():
    totals = replace(
        FINE.totals, learners=None, answers=None, attempts_mean=UNTOLD, attempts_median=UNTOLD, solved=UNTOLD
    )
    assert codes(replace(FINE, totals=totals, discrimination=UNTOLD, verdicts=Distribution())) == []


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, ["nobody_solves_it"]), (0.08, ["hardly_anybody_solves_it"]), (0.1, [])]
)
def test_what_hardly_anybody_solves_is_told(share, expected):
    assert codes(with_totals(solved=Figure(share, 50, 0.0, 0.2))) == expected


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure(-0.10, 112, -0.28, 0.09), ["negative_discrimination"]),
        (Figure(0.05, 400, -0.05, 0.15), ["low_discrimination"]),
        (Figure(-0.10, 20, -0.52, 0.36), []),
    ],
)
def test_a_low_discrimination_is_told_where_it_is_certain(figure, expected):
    assert codes(replace(FINE, discrimination=figure)) == expected


def test_stronger_learners_who_answer_otherwise_cast_doubt_on_the_key():
    report = chosen(("heap", 61, 0.0, 0.18), ("merge", 34, 1.0, -0.06))
    (concern,) = find_concerns(report)
    assert concern.code == "stronger_learners_differ"
    assert concern.message == (
        "selected: who answers heap (score 0.00) does better elsewhere than who answers merge (score 1.00). "
        "Look whether the key is right."
    )


def test_the_strength_of_few_casts_no_doubt():
    assert codes(chosen(("heap", 9, 0.0, 0.18), ("merge", 34, 1.0, -0.06))) == []


def test_a_wrong_answer_that_most_give_is_told():
    assert codes(chosen(("heap", 30, 0.0, -0.1), ("merge", 20, 1.0, 0.2))) == ["wrong_answer_most_frequent"]


def test_right_options_of_a_multiple_choice_do_not_compete():
    assert codes(chosen(("a", 30, 0.8, 0.2), ("b", 25, 0.9, 0.1))) == []


def test_options_that_nobody_chooses_are_named_together():
    report = chosen(("a", 20, 1.0, None), ("c", 0, None, None), ("d", 0, None, None))
    assert [concern.message for concern in find_concerns(report)] == [
        "selected: none of 20 learners chose c, d. A wrong option that tempts nobody can be replaced."
    ]


def test_what_few_did_not_choose_is_not_told():
    assert codes(chosen(("a", 19, 1.0, None), ("c", 0, None, None))) == []


@pytest.mark.parametrize(
    ("ran", "failed", "expected"),
    [(50, 47, ["test_nearly_all_fail"]), (50, 44, []), (19, 19, [])],
)
def test_a_test_that_nearly_all_fail_is_named(ran, failed, expected):
    assert codes(failing(ran, failed)) == expected


def test_the_failing_test_has_its_share():
    (concern,) = find_concerns(failing(50, 47))
    assert concern.message.startswith("Test main/7 fails for 94 % of 50 answers that ran it: ")


@pytest.mark.parametrize(
    ("verdict", "count", "expected"),
    [
        ("time_limit_exceeded", 15, ["slow_programs"]),
        ("compile_error", 30, ["programs_do_not_compile"]),
        ("compile_error", 14, []),
        ("wrong_answer", 30, []),
    ],
)
def test_many_programs_that_do_not_get_far_are_told(verdict, count, expected):
    cells = (Cell(verdict, count, frozenset(range(5))),)
    assert codes(replace(FINE, verdicts=Distribution(cells))) == expected


@pytest.mark.parametrize(("mean", "expected"), [(3.2, ["few_try_very_often"]), (2.9, [])])
def test_a_few_who_try_very_often_are_told(mean, expected):
    assert codes(with_totals(attempts_mean=Figure(mean, 50))) == expected
