"""Hints cost once, in order, and only what is still to be won."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.db import make_engine, session_factory
from core.errors import Conflict, NotFound, PrerequisitesMissing
from core.models.hint import HintPurchase
from core.models.progress import UserProgress
from core.services.hints import buy_hint, count_bought, list_hints
from core.services.progress import points_available
from core.words import ChallengeState, ProgressStatus, Role
from tests.factories import rows
from tests.factories.verdicts import graded

HINTS = [{"text": "It is in Europe.", "cost": 2}, {"text": "It begins with P.", "cost": 3}]


@pytest.fixture
def learner(session):
    return rows.user(session)


@pytest.fixture
def challenge(session):
    return rows.challenge(session, hints=HINTS)


def progress_of(session, user, challenge):
    return session.get(UserProgress, (user.id, challenge.id), populate_existing=True)


def test_a_hint_shows_its_text_when_it_is_bought(session, learner, challenge):
    assert [hint.text for hint in list_hints(session, learner, challenge)] == [None, None]
    assert buy_hint(session, learner, challenge, 1).text == "It is in Europe."
    assert [hint.text for hint in list_hints(session, learner, challenge)] == ["It is in Europe.", None]
    assert count_bought(session, learner, challenge) == 1


def test_a_hint_lowers_what_the_challenge_will_pay(session, learner, challenge):
    buy_hint(session, learner, challenge, 1)
    assert points_available(challenge, progress_of(session, learner, challenge)) == 8
    assert graded(session, rows.submission(session, learner, challenge)).points == 8


def test_a_hint_bought_again_costs_nothing_more(session, learner, challenge):
    first = buy_hint(session, learner, challenge, 1)
    assert buy_hint(session, learner, challenge, 1) == first
    assert progress_of(session, learner, challenge).deducted == 2


def test_hints_come_in_order(session, learner, challenge):
    with pytest.raises(Conflict, match="Buy hint 1 first"):
        buy_hint(session, learner, challenge, 2)


@pytest.mark.parametrize("number", [0, 3])
def test_a_hint_that_does_not_exist_cannot_be_bought(session, learner, challenge, number):
    with pytest.raises(NotFound):
        buy_hint(session, learner, challenge, number)


def test_hints_cost_never_more_than_there_is_to_win(session, learner):
    dear = rows.challenge(session, hints=[{"text": "Paris.", "cost": 50}])
    buy_hint(session, learner, dear, 1)
    assert graded(session, rows.submission(session, learner, dear)).points == 0


def test_a_hint_after_the_solution_costs_nothing(session, learner, challenge):
    graded(session, rows.submission(session, learner, challenge))
    assert buy_hint(session, learner, challenge, 1).cost == 0
    assert progress_of(session, learner, challenge).points == 10


def test_an_answer_is_worth_what_it_was_when_it_was_handed_in(session, learner, challenge):
    waiting = rows.submission(session, learner, challenge)
    buy_hint(session, learner, challenge, 1)
    assert graded(session, waiting).points == 10


def test_hints_of_a_locked_challenge_are_not_sold(session, learner):
    first = rows.challenge(session)
    locked = rows.challenge(session, hints=HINTS, prerequisites={"challenge": first.id})
    with pytest.raises(PrerequisitesMissing):
        buy_hint(session, learner, locked, 1)


def test_hints_of_an_archived_challenge_are_sold_only_to_who_solved_it(session, learner):
    archived = rows.challenge(session, hints=HINTS)
    buy = lambda: buy_hint(session, learner, archived, 1)  # noqa: E731
    graded(session, rows.submission(session, learner, archived))
    archived.state = ChallengeState.ARCHIVED
    assert buy().cost == 0
    progress_of(session, learner, archived).status = ProgressStatus.STARTED
    with pytest.raises(Conflict):
        buy_hint(session, learner, archived, 2)


def test_authors_read_hints_without_buying(session, challenge):
    author = rows.user(session, role=Role.AUTHOR)
    assert [hint.text for hint in list_hints(session, author, challenge)] == [hint["text"] for hint in HINTS]


def test_eight_purchases_at_once_cost_once(settings):
    engine = make_engine(settings.database_url)
    factory = session_factory(engine)
    with factory.begin() as session:
        learner, challenge = rows.user(session), rows.challenge(session, hints=HINTS)

    def buy(_):
        with factory.begin() as session:
            return buy_hint(session, learner, challenge, 1).cost

    with ThreadPoolExecutor(8) as pool:
        costs = list(pool.map(buy, range(8)))
    with factory() as session:
        bought = session.scalars(select(HintPurchase)).all()
        deducted = session.get(UserProgress, (learner.id, challenge.id)).deducted
    engine.dispose()
    assert (set(costs), len(bought), deducted) == ({2}, 1, 2)
