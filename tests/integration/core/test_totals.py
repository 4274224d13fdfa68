"""The totals of the ledger, and the leaderboard that is read from them, against plain sums."""

from datetime import UTC, datetime, time, timedelta
from itertools import count
from random import Random

import pytest
import time_machine
from sqlalchemy import func, insert, select

from core.db import now
from core.grading import CaseResult, GradeReport, Lane, Queue, Verdict
from core.models.challenge import Challenge
from core.models.progress import LedgerEntry, PointsTotal
from core.models.user import User
from core.services.challenges import update_challenge
from core.services.claims import claim_submissions
from core.services.grading import finish_gradings
from core.services.leaderboard import count_standings, standing_of, standings
from core.services.totals import add_points, discard_ended, start_of
from core.words import Window
from tests.factories import rows

RIGHT = GradeReport(Verdict.ACCEPTED, 1.0, (CaseResult("answer", Verdict.ACCEPTED, 1.0),))
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
_rule = count(1)


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def challenge(session):
    return rows.challenge(session, category_id=rows.category(session).id)


def pay(session, *entries):
    """Ledger entries (user, challenge, points, moment), counted as grading counts them."""
    names = ("user_id", "challenge_id", "points", "created_at")
    paid = [dict(zip(names, (user.id, to.id, *rest), strict=True)) for user, to, *rest in entries]
    session.execute(insert(LedgerEntry), [{**row, "rule": f"best:{next(_rule)}"} for row in paid])
    return add_points(session, paid)


def board(session, **which):
    return [tuple(row) for row in session.execute(standings(**which))]


def summed(session, window, category_id):
    """The board without its ranks, as a plain sum of the ledger; who loses points did not score just then."""
    points = func.sum(LedgerEntry.points)
    last = func.max(LedgerEntry.created_at).filter(LedgerEntry.points > 0)
    query = select(User.username, points, last).join(User, User.id == LedgerEntry.user_id)
    begin = datetime.combine(start_of(window, now().date()), time(), UTC)
    query = query.where(User.is_active, LedgerEntry.created_at >= begin)
    if category_id is not None:
        query = query.join(Challenge, Challenge.id == LedgerEntry.challenge_id).where(
            Challenge.category_id == category_id
        )
    query = query.group_by(User.id).having(points > 0).order_by(points.desc(), last, User.id)
    return [tuple(row) for row in session.execute(query)]


def test_boards_are_the_sums_of_the_ledger(session):
    random = Random(1)
    people = [rows.user(session, is_active=n > 0) for n in range(8)]
    shelves = [rows.category(session).id for _ in range(3)]
    tasks = [rows.challenge(session, category_id=random.choice([None, *shelves])) for _ in range(12)]
    for number in range(30):
        ago = [timedelta(hours=random.randint(0, 900)) for _ in range(5)]
        pay(
            session,
            *((random.choice(people), random.choice(tasks), random.randint(-5, 20), NOON - a) for a in ago),
        )
        update_challenge(session, tasks[number % 12], {"category_id": random.choice(shelves)})
    for window in Window:
        for category_id in (None, *shelves):
            found = [row[1:] for row in board(session, window=window, category_id=category_id)]
            assert found == summed(session, window, category_id)
            assert session.scalar(count_standings(window=window, category_id=category_id)) == len(found)


def test_a_verdict_counts_on_every_board(session, challenge):
    learner = rows.user(session)
    rows.submission(session, learner, challenge)
    claims = claim_submissions(session, Lane(Queue.KNOWLEDGE), "w", 1)
    finish_gradings(session, [(claims[0], RIGHT)])
    for window in Window:
        assert [row[1:3] for row in board(session, window=window, category_id=challenge.category_id)] == [
            (learner.username, 10)
        ]


def test_paying_tells_what_each_learner_has_in_all(session, challenge):
    ada, bob = rows.user(session), rows.user(session)
    pay(session, (ada, challenge, 7, NOON))
    assert pay(session, (ada, challenge, 3, NOON), (bob, challenge, 5, NOON), (ada, challenge, 1, NOON)) == {
        ada.id: 11,
        bob.id: 5,
    }


@pytest.mark.parametrize(
    ("window", "first"),
    [
        (Window.DAY, datetime(2026, 11, 25, tzinfo=UTC)),
        (Window.WEEK, datetime(2026, 11, 23, tzinfo=UTC)),
        (Window.MONTH, datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_a_window_begins_with_its_first_moment(session, challenge, window, first):
    early, in_time = rows.user(session), rows.user(session)
    pay(session, (early, challenge, 5, first - timedelta(microseconds=1)), (in_time, challenge, 1, first))
    assert [row[1] for row in board(session, window=window)] == [in_time.username]


def test_of_equals_the_first_to_get_there_is_named_first(session, challenge):
    late, soon, third = (rows.user(session) for _ in range(3))
    pay(session, (late, challenge, 5, NOON), (soon, challenge, 5, NOON - timedelta(seconds=1)))
    pay(session, (third, challenge, 4, NOON - timedelta(hours=1)))
    assert [row[:2] for row in board(session)] == [
        (1, soon.username),
        (2, late.username),
        (3, third.username),
    ]
    assert standing_of(session, late).rank == 2


def test_only_windows_that_are_over_are_dropped(session, challenge):
    learner = rows.user(session)
    pay(session, (learner, challenge, 5, NOON))
    with time_machine.travel(NOON + timedelta(days=5), tick=False):
        discard_ended(session)
    left = select(PointsTotal.window).where(PointsTotal.category_id == 0)
    assert set(session.scalars(left)) == {Window.ALL, Window.WEEK, Window.MONTH}
