"""Who comes next: fair between learners, retried ones alone, nothing taken twice; on a real database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.db import make_engine, session_factory
from core.grading import Lane, Queue
from core.models.submission import Submission
from core.services.claims import claim_submissions
from core.services.grading import free_one_expired, release_submission
from core.services.submissions import NewSubmission, create_submission
from tests.factories import rows
from tests.integration.core.test_grading import expire

LANE = Lane(Queue.KNOWLEDGE)


@pytest.fixture
def challenge(session):
    return rows.challenge(session)


def hand_in(session, user, challenge, times):
    return [rows.submission(session, user, challenge).id for _ in range(times)]


def taken(session, limit=1, lane=LANE):
    session.flush()
    return [claim.submission_id for claim in claim_submissions(session, lane, "w", limit)]


def order(session):
    """All that wait, in the order in which single claims take them."""
    return [one for chunk in iter(lambda: taken(session), []) for one in chunk]


def test_a_first_answer_does_not_wait_behind_hundreds_of_another_learner(session, challenge):
    many = hand_in(session, rows.user(session), challenge, 300)
    [first] = hand_in(session, rows.user(session), challenge, 1)
    assert taken(session, limit=2) == [many[0], first]


def test_learners_take_turns_whenever_they_came(session, challenge):
    mine = hand_in(session, rows.user(session), challenge, 5)
    assert taken(session, limit=3) == mine[:3]
    theirs = hand_in(session, rows.user(session), challenge, 2)
    assert order(session) == [mine[3], theirs[0], mine[4], theirs[1]]


def test_who_handed_in_early_is_not_overtaken_by_who_hands_in_without_end(session, challenge):
    patient, eager = rows.user(session), rows.user(session)
    two = hand_in(session, patient, challenge, 2)
    hand_in(session, eager, challenge, 1)
    assert taken(session) == [two[0]]
    hand_in(session, eager, challenge, 5)
    assert two[1] in taken(session, limit=3)


def test_lanes_do_not_wait_for_each_other(session, challenge):
    hand_in(session, rows.user(session), challenge, 1)
    assert taken(session, lane=Lane(Queue.CODE, "python")) == []


def test_a_program_waits_in_the_lane_of_its_language(session):
    grader = type("Code", (type(rows.TEXT),), {"queue": Queue.CODE})()
    grader.check_answer = lambda spec, answer: None
    new = NewSubmission({"language": "python", "source": "print(1)"})
    made = create_submission(session, rows.user(session), rows.challenge(session), grader, new)
    session.refresh(made)
    assert made.lane == "code.python"
    assert taken(session, lane=Lane(Queue.CODE, "cpp")) == []
    assert taken(session, lane=Lane(Queue.CODE, "python")) == [made.id]


def test_one_that_failed_before_is_taken_first_and_alone(session, challenge):
    learner = rows.user(session)
    made = hand_in(session, learner, challenge, 3)
    [claim] = claim_submissions(session, LANE, "w")
    release_submission(session, claim, "disk full")
    expire(session, session.get_one(Submission, claim.submission_id))
    assert taken(session, limit=10) == [made[0]]
    assert taken(session, limit=10) == made[1:]


def test_all_of_a_dead_workers_batch_come_back(session, challenge):
    made = [hand_in(session, rows.user(session), challenge, 1)[0] for _ in range(3)]
    assert taken(session, limit=10) == made
    for submission_id in made:
        expire(session, session.get_one(Submission, submission_id))
    freed = list(iter(lambda: free_one_expired(session), None))
    assert [one.submission_id for one in freed] == made
    assert order(session) == made


def test_many_workers_at_once_share_what_waits_and_take_nothing_twice(settings):
    engine = make_engine(settings.database_url, pool_size=8)
    factory = session_factory(engine)
    with factory.begin() as session:
        challenge = rows.challenge(session)
        for _ in range(5):
            hand_in(session, rows.user(session), challenge, 8)

    def work(n):
        with factory.begin() as session:
            return taken(session, limit=5)

    with ThreadPoolExecutor(8) as pool:
        ids = [one for chunk in pool.map(work, range(16)) for one in chunk]
    with factory() as session:
        everything = set(session.scalars(select(Submission.id)))
    engine.dispose()
    assert len(ids) == len(set(ids))
    assert set(ids) == everything
