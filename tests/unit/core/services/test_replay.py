"""Counting a learner's answers anew."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.services.replay import Answer, Outcome, Price, Reached, recount, replay
from core.words import ProgressStatus, Rejudging

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PRICES = {1: Price(10, 0.0), 2: Price(20, 0.0), 3: Price(10, 0.25)}
NOTHING = Reached(ProgressStatus.SUBMITTED, 0.0, 0, None)


def answer(number, score, revision=1, points=0, deducted=0):
    """The answer that was graded `number` minutes after noon, the learner's attempt of that number."""
    moment = NOON + timedelta(minutes=number)
    return Answer(number, revision, score, number, deducted, points, moment)


ANSWERS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.3, 0.5, 1.0]), st.sampled_from([1, 2, 3]), st.integers(0, 12)),
    max_size=6,
).map(lambda drawn: [answer(n, score, rev, 0, cost) for n, (score, rev, cost) in enumerate(drawn, 1)])


def test_each_answer_adds_what_it_is_worth_beyond_those_before_it():
    reached, added = replay([answer(1, 0.5), answer(2, 0.3), answer(3, 1.0), answer(4, 1.0)], PRICES)
    assert added == {1: 5, 2: 0, 3: 5, 4: 0}
    assert reached == Reached(ProgressStatus.COMPLETED, 1.0, 10, NOON + timedelta(minutes=3))


def test_nothing_right_completes_nothing():
    assert replay([answer(1, 0.5)], PRICES)[0] == Reached(ProgressStatus.SUBMITTED, 0.5, 5, None)


def test_a_revision_pays_its_own_points_with_its_own_penalty():
    assert replay([answer(1, 1.0), answer(2, 1.0, revision=2)], PRICES)[1] == {1: 10, 2: 10}
    assert replay([answer(2, 1.0, revision=3)], PRICES)[0].points == 8


def test_hints_stay_paid():
    assert replay([answer(1, 1.0, deducted=4)], PRICES)[0].points == 6


def test_where_points_are_adjusted_they_follow():
    before = Reached(ProgressStatus.COMPLETED, 1.0, 10, NOON)
    after, added = recount(before, [answer(1, 0.5, points=10)], PRICES, Rejudging.ADJUST)
    assert (after, added) == (Reached(ProgressStatus.SUBMITTED, 0.5, 5, None), {1: 5})


def test_where_points_are_kept_nothing_is_taken():
    before = Reached(ProgressStatus.COMPLETED, 1.0, 10, NOON)
    answers = [answer(1, 0.0, points=10), answer(2, 0.5)]
    assert recount(before, answers, PRICES, Rejudging.KEEP) == (before, {1: 10, 2: 0})


def test_where_points_are_kept_more_may_still_come():
    before = Reached(ProgressStatus.SUBMITTED, 0.5, 5, None)
    after, added = recount(before, [answer(1, 1.0, points=5)], PRICES, Rejudging.KEEP)
    assert (after.status, after.points, added) == (ProgressStatus.COMPLETED, 10, {1: 10})


def test_an_outcome_tells_what_it_completes_and_reopens():
    done = Reached(ProgressStatus.COMPLETED, 1.0, 10, NOON)
    up, down = Outcome(1, NOTHING, done, {}), Outcome(1, done, NOTHING, {})
    assert (up.change, up.completes, up.reopens) == (10, True, False)
    assert (down.change, down.completes, down.reopens) == (-10, False, True)


@given(ANSWERS, st.randoms())
def test_the_order_in_which_they_are_read_does_not_matter(answers, random):
    shuffled = random.sample(answers, len(answers))
    assert replay(shuffled, PRICES) == replay(answers, PRICES)


@given(ANSWERS, ANSWERS, st.sampled_from(Rejudging))
def test_what_answers_add_are_the_learners_points(before, after, policy):
    """Whatever verdicts change, and however often."""
    reached, added = NOTHING, {}
    for answers in (before, after[: len(before)], before):
        graded = [one._replace(points=added.get(one.id, 0)) for one in answers] + [
            one._replace(points=added.get(one.id, 0)) for one in before[len(answers) :]
        ]
        reached, added = recount(reached, graded, PRICES, policy)
        assert sum(added.values()) == reached.points


@given(ANSWERS, st.integers(0, 30), st.sampled_from(ProgressStatus))
def test_what_is_kept_never_goes_down(answers, points, status):
    before = Reached(status, 0.3, points, NOON if status is ProgressStatus.COMPLETED else None)
    after, _ = recount(before, answers, PRICES, Rejudging.KEEP)
    assert after.points >= points
    assert after.status is ProgressStatus.COMPLETED or status is not ProgressStatus.COMPLETED
