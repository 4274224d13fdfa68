"""Prerequisites on a real database: who is held back, and circles that no two authors can close."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event

from core.db import make_engine, session_factory
from core.errors import PrerequisitesMissing, ValidationFailed
from core.models.challenge import Challenge
from core.services.challenges import delete_challenge, update_challenge
from core.services.prerequisites import locks
from core.words import ChallengeState, Role
from tests.factories import rows
from tests.factories.verdicts import graded


@pytest.fixture
def learner(session):
    return rows.user(session)


def need(session, challenge, tree):
    return update_challenge(session, challenge, {"prerequisites": tree})


def test_a_locked_challenge_says_what_to_do_first(session, learner):
    first = rows.challenge(session, title="First")
    locked = rows.challenge(session, prerequisites={"challenge": first.id})
    with pytest.raises(PrerequisitesMissing, match=r"This challenge is locked\. First solve “First”\."):
        rows.submission(session, learner, locked)
    graded(session, rows.submission(session, learner, first))
    assert rows.submission(session, learner, locked).attempt == 1


def test_points_open_a_challenge(session, learner):
    locked = rows.challenge(session, prerequisites={"points": 10})
    with pytest.raises(PrerequisitesMissing, match=r"reach 10 points \(you have 0\)"):
        rows.submission(session, learner, locked)
    graded(session, rows.submission(session, learner, rows.challenge(session)))
    rows.submission(session, learner, locked)


def test_authors_are_not_held_back(session):
    locked = rows.challenge(session, prerequisites={"points": 10})
    rows.submission(session, rows.user(session, role=Role.AUTHOR), locked)


def test_what_is_completed_stays_open(session, learner):
    challenge = rows.challenge(session)
    graded(session, rows.submission(session, learner, challenge))
    need(session, challenge, {"points": 1000})
    rows.submission(session, learner, challenge)


def test_an_archived_challenge_counts_as_done_and_a_draft_is_not_named(session, learner):
    archived = rows.challenge(session, state=ChallengeState.ARCHIVED)
    draft = rows.challenge(session, state=ChallengeState.DRAFT, title="Secret")
    open_ = rows.challenge(session, prerequisites={"challenge": archived.id})
    locked = rows.challenge(session, prerequisites={"challenge": draft.id})
    found = locks(session, learner, [(open_, None), (locked, None)])
    assert found == {locked.id: {"challenge": None, "title": None}}


def test_a_whole_list_takes_two_queries(session, learner):
    first = rows.challenge(session)
    tree = {"all": [{"challenge": first.id}, {"points": 5}]}
    seen = [(rows.challenge(session, prerequisites=tree), None) for _ in range(5)]
    statements = []
    event.listen(session.connection(), "before_cursor_execute", lambda *sent: statements.append(sent[2]))
    assert len(locks(session, learner, seen)) == 5
    assert len(statements) == 2


@pytest.mark.parametrize("tree", [{"challenge": 999_999}, {"all": [{"any": [{"challenge": 999_999}]}]}])
def test_an_unknown_challenge_is_refused(session, tree):
    with pytest.raises(ValidationFailed) as refused:
        need(session, rows.challenge(session), tree)
    assert refused.value.errors == {"prerequisites": ["There is no challenge 999999."]}


def test_a_circle_is_refused_and_named(session):
    a, b, c = (rows.challenge(session, title=title) for title in "ABC")
    need(session, a, {"challenge": b.id})
    need(session, b, {"any": [{"points": 3}, {"challenge": c.id}]})
    with pytest.raises(ValidationFailed) as refused:
        need(session, c, {"challenge": a.id})
    (message,) = refused.value.errors["prerequisites"]
    assert message == (
        f"Challenges would need each other in a circle: “A” ({a.id}) → “B” ({b.id}) → “C” ({c.id}) → “A” ({a.id})."
    )


def test_a_challenge_cannot_need_itself(session):
    one = rows.challenge(session)
    with pytest.raises(ValidationFailed, match="invalid"):
        need(session, one, {"challenge": one.id})


def test_a_challenge_that_others_need_is_archived_instead_of_deleted(session):
    needed = rows.challenge(session)
    need(session, rows.challenge(session), {"all": [{"challenge": needed.id}]})
    delete_challenge(session, needed)
    assert needed.state is ChallengeState.ARCHIVED


def test_two_authors_at_once_cannot_close_a_circle(settings):
    engine = make_engine(settings.database_url)
    factory = session_factory(engine)
    with factory.begin() as session:
        ids = [rows.challenge(session).id for _ in range(2)]
    both = Barrier(2)

    def save(pair):
        mine, other = pair
        with factory() as session:
            challenge = session.get_one(Challenge, mine)
            both.wait(10)
            try:
                need(session, challenge, {"challenge": other})
                session.commit()
            except ValidationFailed as error:
                return error.errors["prerequisites"][0]
            return "saved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(save, [ids, ids[::-1]]))
    engine.dispose()
    assert outcomes[0].startswith("Challenges would need each other in a circle")
    assert outcomes[1] == "saved"
