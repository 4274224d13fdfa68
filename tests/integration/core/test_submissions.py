"""Accepting, reading and cancelling submissions, on a real database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.db import make_engine, session_factory
from core.errors import AttemptsExhausted, Conflict, InvalidAnswer, NotCancellable, NotFound
from core.grading import Lane, Queue
from core.models.event import Event
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.outbox import outbox
from core.queue import ticket
from core.services.claims import claim_submissions
from core.services.submissions import NewSubmission, cancel_submission, create_submission, get_submission
from core.words import ChallengeState, ProgressStatus, Resubmission, Role, SubmissionStatus
from tests.factories import rows


def progress_of(session, user, challenge):
    session.flush()
    return session.get(UserProgress, (user.id, challenge.id), populate_existing=True)


@pytest.fixture
def learner(session):
    return rows.user(session)


def test_an_answer_becomes_a_queued_submission_and_counts_an_attempt(session, learner):
    challenge = rows.challenge(session)
    submission = rows.submission(session, learner, challenge)
    progress = progress_of(session, learner, challenge)
    assert (submission.status, submission.attempt) == (SubmissionStatus.QUEUED, 1)
    assert (progress.status, progress.attempts) == (ProgressStatus.SUBMITTED, 1)


def test_the_task_waits_in_the_outbox_until_the_commit(session, learner):
    rows.submission(session, learner, rows.challenge(session))
    assert outbox(session).tasks == [ticket(Lane(Queue.KNOWLEDGE))]


def test_a_malformed_answer_costs_no_attempt(session, learner):
    challenge = rows.challenge(session)
    with pytest.raises(InvalidAnswer):
        create_submission(session, learner, challenge, rows.TEXT, NewSubmission({"text": "  "}))
    assert progress_of(session, learner, challenge) is None


def test_the_last_attempt_is_the_last(session, learner):
    challenge = rows.challenge(session, attempts_max=1)
    rows.submission(session, learner, challenge)
    with pytest.raises(AttemptsExhausted):
        rows.submission(session, learner, challenge)


@pytest.mark.parametrize(
    ("role", "state", "error"),
    [
        (Role.LEARNER, ChallengeState.DRAFT, NotFound),
        (Role.AUTHOR, ChallengeState.DRAFT, Conflict),
        (Role.LEARNER, ChallengeState.ARCHIVED, Conflict),
    ],
)
def test_only_published_challenges_take_answers(session, role, state, error):
    with pytest.raises(error):
        rows.submission(session, rows.user(session, role=role), rows.challenge(session, state=state))


def test_others_cannot_see_a_submission_but_authors_can(session, learner):
    submission = rows.submission(session, learner, rows.challenge(session))
    with pytest.raises(NotFound):
        get_submission(session, rows.user(session), submission.id)
    assert get_submission(session, rows.user(session, role=Role.AUTHOR), submission.id) is submission


def test_cancelling_before_grading_gives_the_attempt_back(session, learner):
    challenge = rows.challenge(session)
    submission = rows.submission(session, learner, challenge)
    cancel_submission(session, learner, submission.id)
    progress = progress_of(session, learner, challenge)
    assert submission.status is SubmissionStatus.CANCELLED
    assert (progress.attempts, progress.status) == (0, ProgressStatus.STARTED)


def test_cancelling_while_grading_keeps_the_attempt_because_results_may_have_been_seen(session, learner):
    challenge = rows.challenge(session)
    submission = rows.submission(session, learner, challenge)
    claim_submissions(session, Lane(Queue.KNOWLEDGE), "w")
    cancel_submission(session, learner, submission.id)
    assert progress_of(session, learner, challenge).attempts == 1


def test_a_cancelled_submission_cannot_be_cancelled_again(session, learner):
    submission = rows.submission(session, learner, rows.challenge(session))
    cancel_submission(session, learner, submission.id)
    with pytest.raises(NotCancellable):
        cancel_submission(session, learner, submission.id)


@pytest.fixture
def superseding(session):
    return rows.challenge(session, on_resubmit=Resubmission.SUPERSEDE, attempts_max=1)


def events_of(session, user):
    session.flush()
    return session.scalars(select(Event).where(Event.user_id == user.id).order_by(Event.id)).all()


def test_a_new_answer_takes_the_place_of_one_that_waits_and_costs_no_further_attempt(
    session, learner, superseding
):
    first = rows.submission(session, learner, superseding)
    second = rows.submission(session, learner, superseding)
    session.refresh(first)
    assert (first.status, second.status) == (SubmissionStatus.CANCELLED, SubmissionStatus.QUEUED)
    assert progress_of(session, learner, superseding).attempts == 1
    [told] = [event for event in events_of(session, learner) if event.type == "submission.cancelled"]
    assert told.data == {
        "submission_id": first.id,
        "challenge_id": superseding.id,
        "superseded_by": second.id,
    }


def test_one_that_is_being_graded_is_not_superseded(session, learner, superseding):
    superseding.attempts_max = 2
    first = rows.submission(session, learner, superseding)
    claim_submissions(session, Lane(Queue.KNOWLEDGE), "w")
    rows.submission(session, learner, superseding)
    session.refresh(first)
    assert first.status is SubmissionStatus.GRADING
    assert progress_of(session, learner, superseding).attempts == 2


def test_without_the_rule_every_answer_is_graded(session, learner):
    challenge = rows.challenge(session)
    made = [rows.submission(session, learner, challenge) for _ in range(2)]
    assert {one.status for one in made} == {SubmissionStatus.QUEUED}


def test_of_many_simultaneous_answers_on_the_last_attempt_one_is_accepted(settings):
    engine = make_engine(settings.database_url)
    factory = session_factory(engine)
    with factory.begin() as session:
        learner, challenge = rows.user(session), rows.challenge(session, attempts_max=1)

    def submit(_):
        with factory() as session:
            try:
                rows.submission(session, learner, challenge)
                session.commit()
            except AttemptsExhausted:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(submit, range(8)))
    with factory() as session:
        stored = session.scalars(select(Submission)).all()
        attempts = session.get(UserProgress, (learner.id, challenge.id)).attempts
    engine.dispose()
    assert (sum(accepted), len(stored), attempts) == (1, 1, 1)
