from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ValidationFailed
from core.grading import Verdict
from graders.rubric import REVIEW, Criterion, Points, by_rubric, by_score

RUBRIC = (Criterion("c1", "Names the cost", 2, step=0.5), Criterion("c2", "Gives a reason", 3))
FULL = {"c1": Points(2), "c2": Points(3)}


@st.composite
def marked(draw):
    """A rubric, and points that it allows."""
    most = draw(st.lists(st.integers(1, 1000).map(lambda n: n / 10), min_size=1, max_size=20))
    rubric = tuple(Criterion(f"c{i}", f"text {i}", points) for i, points in enumerate(most))
    given_ = {one.id: Points(draw(st.floats(0, one.points, allow_nan=False))) for one in rubric}
    return rubric, given_


@given(marked())
def test_the_score_is_the_share_of_the_points(case):
    rubric, points = case
    report = by_rubric(rubric, points)
    share = sum(Fraction(str(p.points)) for p in points.values()) / sum(
        Fraction(str(c.points)) for c in rubric
    )
    assert report.score == pytest.approx(float(share), abs=1e-6)
    assert 0 <= report.score <= 1


@given(marked())
def test_each_criterion_has_a_result_of_its_own(case):
    rubric, points = case
    results = by_rubric(rubric, points).results
    assert [(result.name, result.group) for result in results] == [(one.text, one.id) for one in rubric]


@given(marked())
def test_all_points_are_accepted(case):
    rubric, _ = case
    report = by_rubric(rubric, {one.id: Points(one.points) for one in rubric})
    assert (report.verdict, report.score) == (Verdict.ACCEPTED, 1.0)


def test_no_points_at_all_are_a_wrong_answer():
    assert by_rubric(RUBRIC, {"c1": Points(0), "c2": Points(0)}).verdict is Verdict.WRONG_ANSWER


def test_a_word_on_the_whole_comes_last():
    *_, last = by_rubric(RUBRIC, FULL, "Well done.").results
    assert (last.name, last.feedback, last.verdict) == (REVIEW, "Well done.", Verdict.ACCEPTED)


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"c1": Points(2)}, "criteria.c2"),
        ({**FULL, "c9": Points(1)}, "criteria.c9"),
        ({**FULL, "c2": Points(3.01)}, "criteria.c2.points"),
        ({**FULL, "c2": Points(-0.1)}, "criteria.c2.points"),
        ({**FULL, "c1": Points(0.75)}, "criteria.c1.points"),
    ],
)
def test_points_that_the_rubric_does_not_have_are_refused(given_, field):
    with pytest.raises(ValidationFailed) as refused:
        by_rubric(RUBRIC, given_)
    assert refused.value.errors.keys() == {field}


def test_without_a_rubric_only_a_score_can_be_given():
    with pytest.raises(ValidationFailed, match="see errors") as refused:
        by_rubric((), {})
    assert refused.value.errors.keys() == {"criteria"}


@pytest.mark.parametrize(
    ("score", "verdict"),
    [(0, Verdict.WRONG_ANSWER), (0.4, Verdict.PARTIALLY_ACCEPTED), (1, Verdict.ACCEPTED)],
)
def test_a_score_alone_is_one_result(score, verdict):
    report = by_score(score, "Go on.")
    assert (report.score, report.verdict) == (score, verdict)
    assert [(result.name, result.feedback) for result in report.results] == [(REVIEW, "Go on.")]
