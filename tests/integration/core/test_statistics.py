"""What PostgreSQL adds up, against the same added up in Python, and whose answers count at all."""

from __future__ import annotations

import statistics
from datetime import timedelta
from random import Random

import pytest

from core.db import now
from core.disclosure import Reason
from core.models.progress import UserProgress
from core.services import statistics as service
from core.services.revisions import get_revision, write_revision
from core.services.statistics import discrimination, read_first_answers, read_overview, read_tests
from core.statistics import item_rest_correlation, upper_lower_index, wilson_interval
from core.words import Role, SubmissionStatus
from tests.factories import rows
from tests.factories.answers import answer, learners, result


@pytest.fixture
def challenge(session):
    return rows.challenge(session, category_id=rows.category(session).id)


def overview(session, challenge, number=1):
    return read_overview(session, get_revision(session, challenge.id, number))


def told(distribution):
    return {cell.value: cell.count for cell in distribution.cells}


def test_totals_are_what_python_adds_up(session, challenge):
    random = Random(7)
    tries = {
        user: [random.choice([0, 0.5, 1]) for _ in range(random.randint(1, 4))]
        for user in learners(session, 23)
    }
    for user, scores in tries.items():
        for attempt, score in enumerate(scores, 1):
            answer(session, user, challenge, score, attempt=attempt)
    totals = overview(session, challenge).totals
    attempts = [len(scores) for scores in tries.values()]
    solved = sum(1 in scores for scores in tries.values())
    assert (totals.learners, totals.answers, totals.complete) == (23, sum(attempts), True)
    assert totals.attempts_mean.value == pytest.approx(statistics.fmean(attempts))
    assert totals.attempts_median.value == statistics.median(attempts)
    assert (totals.solved.value, totals.solved.low, totals.solved.high) == pytest.approx(
        (solved / 23, *wilson_interval(solved, 23))
    )
    assert totals.facility.value == pytest.approx(statistics.fmean(scores[0] for scores in tries.values()))


def test_the_time_to_solve_has_the_quartiles_of_those_who_opened_the_challenge(session, challenge):
    at, minutes = now(), [3, 5, 8, 13, 21, 34]
    for user, spent in zip(learners(session, 6), minutes, strict=True):
        opened = at - timedelta(minutes=spent)
        session.add(UserProgress(user_id=user.id, challenge_id=challenge.id, started_at=opened))
        answer(session, user, challenge, queued_at=at)
    for user in learners(session, 5):  # nobody knows since when these had read
        session.add(UserProgress(user_id=user.id, challenge_id=challenge.id, started_at=at))
        answer(session, user, challenge, queued_at=at)
    spent = overview(session, challenge).totals.solving_seconds
    expected = [60 * minute for minute in statistics.quantiles(minutes, n=4, method="inclusive")]
    assert [spent.low, spent.value, spent.high] == pytest.approx(expected)
    assert spent.learners == 6


def test_only_graded_answers_of_learners_to_the_revision_count(session, challenge):
    for user in learners(session, 5):
        answer(session, user, challenge)
    write_revision(session, challenge, None, {"points": 20})
    for user in learners(session, 6):
        answer(session, user, challenge, 0.0, revision=2)
    for user in learners(session, 5):
        answer(session, user, challenge, None, status=SubmissionStatus.CANCELLED)
    answer(session, rows.user(session, role=Role.AUTHOR), challenge)
    first, second = overview(session, challenge), overview(session, challenge, 2)
    assert (first.totals.learners, first.totals.solved.value) == (5, 1.0)
    assert (second.totals.learners, second.totals.solved.value) == (6, 0.0)


def test_who_knew_an_earlier_revision_gives_no_first_answer(session, challenge):
    for user in learners(session, 5):
        answer(session, user, challenge, 0.0)
    for user in learners(session, 5):
        answer(session, user, challenge, 1.0, attempt=2)
    seen = overview(session, challenge)
    assert (seen.totals.learners, seen.totals.facility.learners, seen.totals.facility.value) == (10, 5, 0.0)
    assert told(seen.scores) == {"0.0": 5}


def test_nothing_is_told_of_four_learners(session, challenge):
    for user in learners(session, 4):
        answer(session, user, challenge, language="python")
    seen = overview(session, challenge)
    totals = seen.totals
    figures = (totals.attempts_mean, totals.attempts_median, totals.solved, totals.facility)
    assert (totals.learners, totals.answers, totals.reason) == (None, None, Reason.FEWER_THAN_5)
    assert {(figure.value, figure.learners, figure.reason) for figure in figures} == {
        (None, None, Reason.FEWER_THAN_5)
    }
    assert (told(seen.verdicts), told(seen.scores), told(seen.languages)) == ({}, {}, {})
    assert seen.verdicts.others is None


def test_a_verdict_that_few_got_hides_among_others(session, challenge):
    for user in learners(session, 9):
        answer(session, user, challenge)
    for user in learners(session, 6):
        answer(session, user, challenge, 0.0)
    seldom = rows.user(session)
    for attempt in range(1, 8):
        answer(session, seldom, challenge, 0.5, attempt=attempt)
    verdicts = overview(session, challenge).verdicts
    assert told(verdicts) == {"accepted": 9}
    assert (verdicts.others.values, verdicts.others.count) == (2, 13)


def test_of_very_many_answers_only_the_newest_are_looked_at(session, challenge, monkeypatch):
    for user in learners(session, 9):
        answer(session, user, challenge)
    monkeypatch.setattr(service, "NEWEST", 6)
    totals = overview(session, challenge).totals
    assert (totals.learners, totals.complete) == (6, False)


def category_of(session, abilities, challenge, scores):
    """Four more challenges of its category, whose score is the learner's ability; returns the rest scores by hand."""
    people = learners(session, len(abilities))
    for user, score in zip(people, scores, strict=True):
        answer(session, user, challenge, score)
    for _ in range(4):
        other = rows.challenge(session, category_id=challenge.category_id)
        for user, ability in zip(people, abilities, strict=True):
            answer(session, user, other, ability)
            answer(session, user, other, 1.0, attempt=2)  # what comes later does not count
    return [ability - statistics.fmean(abilities) for ability in abilities]


def figures(session, challenge):
    firsts = read_first_answers(session, overview(session, challenge), True)
    return firsts, *discrimination(firsts, challenge)


def test_discrimination_compares_first_answers_with_those_to_other_challenges(session, challenge):
    random = Random(3)
    abilities = [random.random() for _ in range(20)]
    scores = [float(ability > 0.3) for ability in abilities]
    rests = category_of(session, abilities, challenge, scores)
    firsts, correlation, index = figures(session, challenge)
    assert sorted(first.rest for first in firsts) == pytest.approx(sorted(rests))
    assert correlation.value == pytest.approx(item_rest_correlation(scores, rests))
    assert index.value == pytest.approx(upper_lower_index(scores, rests))
    assert correlation.low < correlation.value < correlation.high


def test_a_wrong_key_shows_in_a_negative_discrimination(session, challenge):
    abilities = [n / 20 for n in range(20)]
    category_of(session, abilities, challenge, [float(ability < 0.5) for ability in abilities])
    _, correlation, index = figures(session, challenge)
    assert correlation.high < 0
    assert index.value == -1


def test_whoever_chooses_easy_challenges_is_not_stronger_for_it(session, challenge):
    """Half of the learners answered four easy others, half four hard ones; all did as everybody did there."""
    people = learners(session, 12)
    for user in people:
        answer(session, user, challenge, float(user.id % 2))
    for which, score in ((people[:6], 1.0), (people[6:], 0.0)):
        for _ in range(4):
            other = rows.challenge(session, category_id=challenge.category_id)
            for user in which:
                answer(session, user, other, score)
    firsts, correlation, _ = figures(session, challenge)
    assert {first.rest for first in firsts} == {0.0}
    assert (correlation.value, correlation.reason) == (None, Reason.ALL_ALIKE)


def test_the_groups_of_the_index_are_not_small_either(session, challenge):
    abilities = [n / 16 for n in range(16)]
    category_of(session, abilities, challenge, [float(ability > 0.5) for ability in abilities])
    _, correlation, index = figures(session, challenge)
    assert correlation.value > 0.5
    assert (index.value, index.reason) == (None, Reason.NO_EXTREMES)


def test_discrimination_says_why_it_is_missing(session, challenge):
    for user in learners(session, 5):
        answer(session, user, challenge)
    _, correlation, index = figures(session, challenge)
    assert {correlation.reason, index.reason} == {Reason.NO_REST}
    alone = rows.challenge(session)
    assert discrimination([], alone)[0].reason is Reason.NO_CATEGORY


def test_the_tests_that_fail_most_are_named_unless_few_fail_them(session, challenge):
    outcomes = [(1, 0, 0)] * 6 + [(1, 1, 0)] * 5 + [(0, 1, 1)] * 2
    for user, scores in zip(learners(session, len(outcomes)), outcomes, strict=True):
        results = [result(str(n), score) for n, score in enumerate(scores)]
        answer(session, user, challenge, 0.0, results=results)
    tests = read_tests(session, overview(session, challenge))
    assert [(test.name, test.failed, test.ran) for test in tests.failing] == [("2", 11, 13), ("1", 6, 13)]
    # Two failed test 0 first; of themselves they are too few.
    assert told(tests.first) == {"main/1": 6}
    assert tests.first.others.count == 7


def test_a_question_has_no_tests(session, challenge):
    for user in learners(session, 5):
        answer(session, user, challenge, 0.0)
    assert read_tests(session, overview(session, challenge)) is None
