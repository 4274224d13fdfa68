"""Claim, finish, release, expire: one verdict whatever happens, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.db import make_engine, now, session_factory
from core.grading import CaseResult, GradeReport, Lane, Queue, Verdict
from core.models.event import Event
from core.models.progress import LedgerEntry, UserProgress
from core.models.submission import Submission
from core.services.claims import claim_submissions, renew_leases, waiting_lanes
from core.services.grading import (
    failed_submissions,
    finish_gradings,
    free_one_expired,
    release_submission,
    retry_failed,
)
from core.services.submissions import cancel_submission
from core.words import ProgressStatus, SubmissionStatus
from tests.factories import rows

RIGHT = GradeReport(Verdict.ACCEPTED, 1.0, (CaseResult("answer", Verdict.ACCEPTED, 1.0),))
HALF = GradeReport(Verdict.PARTIALLY_ACCEPTED, 0.5, (CaseResult("answer", Verdict.PARTIALLY_ACCEPTED, 0.5),))
WRONG = GradeReport(Verdict.WRONG_ANSWER, 0.0, (CaseResult("answer", Verdict.WRONG_ANSWER),))


@pytest.fixture
def learner(session):
    return rows.user(session)


@pytest.fixture
def challenge(session):
    return rows.challenge(session)


@pytest.fixture
def submission(session, learner, challenge):
    return rows.submission(session, learner, challenge)


def progress_of(session, submission):
    session.flush()
    key = (submission.user_id, submission.challenge_id)
    return session.get(UserProgress, key, populate_existing=True)


def ledger(session):
    session.flush()
    return [(row.rule, row.points) for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))]


def events(session, learner):
    session.flush()
    query = select(Event).where(Event.user_id == learner.id).order_by(Event.id)
    return session.scalars(query).all()


LANE = Lane(Queue.KNOWLEDGE)


def claim_of(session, worker="w"):
    """The claim of the next submission, None when none waits."""
    session.flush()
    return next(iter(claim_submissions(session, LANE, worker)), None)


def finish(session, claim, report):
    return claim.submission_id in finish_gradings(session, [(claim, report)])


def graded(session, submission, report):
    claim = claim_of(session)
    assert claim.submission_id == submission.id
    return finish(session, claim, report)


def expire(session, submission):
    past = now() - timedelta(seconds=1)
    session.execute(
        update(Submission)
        .where(Submission.id == submission.id)
        .values(lease_expires_at=past, not_before=past)
    )
    session.expire(submission)


def test_a_claim_takes_the_submission_once(session, submission):
    assert claim_of(session).attempt == 1
    assert claim_of(session, "w2") is None


def test_a_claim_of_nothing_is_nothing(session):
    assert claim_of(session) is None


def test_a_verdict_moves_submission_progress_and_ledger(session, submission, challenge):
    assert graded(session, submission, RIGHT)
    progress = progress_of(session, submission)
    assert (submission.status, submission.verdict) == (SubmissionStatus.GRADED, Verdict.ACCEPTED)
    assert (progress.status, progress.points, progress.completed_at is not None) == (
        ProgressStatus.COMPLETED,
        challenge.points,
        True,
    )
    assert ledger(session) == [("best:10", 10)]


def test_a_second_result_changes_nothing(session, submission, learner):
    claim = claim_of(session)
    finish(session, claim, WRONG)
    before = len(events(session, learner))
    assert not finish(session, claim, RIGHT)
    assert (submission.verdict, ledger(session)) == (Verdict.WRONG_ANSWER, [])
    assert len(events(session, learner)) == before


def test_a_late_worker_is_fenced_out_by_the_next_claim(session, submission):
    late = claim_of(session, "late")
    expire(session, submission)
    free_one_expired(session)
    current = claim_of(session, "current")
    assert not finish(session, late, RIGHT)
    assert not renew_leases(session, [late])
    assert finish(session, current, WRONG)
    assert submission.verdict is Verdict.WRONG_ANSWER


def test_a_live_lease_is_not_freed(session, submission):
    claim_of(session)
    assert not free_one_expired(session)


def test_a_cancelled_submission_gets_no_verdict(session, submission, learner):
    claim = claim_of(session)
    cancel_submission(session, learner, submission.id)
    assert not renew_leases(session, [claim])
    assert not finish(session, claim, RIGHT)
    assert submission.verdict is None


def test_our_third_failure_ends_it_and_gives_the_attempt_back(session, submission):
    for _ in range(3):
        assert release_submission(session, claim_of(session), "disk full")
        expire(session, submission)
    assert (submission.status, submission.verdict) == (SubmissionStatus.FAILED, Verdict.INTERNAL_ERROR)
    progress = progress_of(session, submission)
    assert (progress.attempts, progress.status) == (0, ProgressStatus.STARTED)


def test_three_dead_workers_end_it_too(session, submission):
    for _ in range(3):
        claim_of(session)
        expire(session, submission)
        assert free_one_expired(session)
    assert submission.status is SubmissionStatus.FAILED


def test_a_better_score_pays_only_the_difference(session, learner, challenge):
    for report in (HALF, WRONG, RIGHT, HALF, RIGHT):
        graded(session, rows.submission(session, learner, challenge), report)
    assert ledger(session) == [("best:5", 5), ("best:10", 5)]


def test_a_later_wrong_answer_does_not_take_completion_back(session, learner, challenge):
    graded(session, rows.submission(session, learner, challenge), RIGHT)
    last = rows.submission(session, learner, challenge)
    graded(session, last, WRONG)
    progress = progress_of(session, last)
    assert (progress.status, progress.score, progress.attempts) == (ProgressStatus.COMPLETED, 1.0, 2)


def test_events_count_from_one_without_a_hole(session, learner, submission):
    graded(session, submission, RIGHT)
    told = events(session, learner)
    assert [event.id for event in told] == list(range(1, len(told) + 1))
    assert [event.type for event in told] == [
        "submission.queued",
        "progress.updated",
        "submission.grading",
        "submission.graded",
        "progress.updated",
        "leaderboard.changed",
        "achievement.unlocked",
        "achievement.unlocked",
    ]


def test_lanes_in_which_something_waits_are_counted(session, submission):
    assert waiting_lanes(session) == {LANE: 1}
    claim_of(session)
    assert waiting_lanes(session) == {}


def test_what_must_wait_a_little_is_not_taken(session, submission):
    release_submission(session, claim_of(session), "disk full")
    assert (claim_of(session), waiting_lanes(session)) == (None, {})


def test_a_failed_one_is_graded_when_an_operator_says_so(session, learner, submission):
    for _ in range(3):
        release_submission(session, claim_of(session), "disk full")
        expire(session, submission)
    assert list(session.scalars(failed_submissions(timedelta(hours=1)))) == [submission.id]
    assert retry_failed(session, submission.id)
    [claim] = claim_submissions(session, Lane(Queue.REJUDGES), "w")
    assert finish(session, claim, RIGHT)
    progress = progress_of(session, submission)
    assert (submission.verdict, progress.attempts, progress.points) == (Verdict.ACCEPTED, 1, 10)


def test_only_what_failed_is_retried(session, submission):
    assert not retry_failed(session, submission.id)


def test_a_batch_of_verdicts_counts_like_single_ones(session):
    learners = [rows.user(session) for _ in range(3)]
    challenge = rows.challenge(session)
    made = [rows.submission(session, by, challenge) for by in learners for _ in range(2)]
    claims = claim_submissions(session, LANE, "w", limit=10)
    assert {claim.submission_id for claim in claims} == {one.id for one in made}
    late, *mine = claims
    finish(session, late, WRONG)
    ids = finish_gradings(session, [(claim, RIGHT) for claim in claims])
    assert ids == {claim.submission_id for claim in mine}
    assert ledger(session) == [("best:10", 10)] * 3
    for learner in learners:
        told = events(session, learner)
        assert [event.id for event in told] == list(range(1, len(told) + 1))
        assert [event.type for event in told].count("submission.graded") == 2


def test_of_many_claims_at_once_one_wins_and_of_many_finishes_one_counts(settings):
    engine = make_engine(settings.database_url, pool_size=8)
    factory = session_factory(engine)
    with factory.begin() as session:
        rows.submission(session, rows.user(session), rows.challenge(session))

    def claim(n):
        with factory.begin() as session:
            return claim_of(session, f"w{n}")

    def end(claim):
        with factory.begin() as session:
            return finish(session, claim, RIGHT)

    with ThreadPoolExecutor(8) as pool:
        won = [claim for claim in pool.map(claim, range(8)) if claim]
        finished = list(pool.map(end, won * 8))
    with factory() as session:
        paid = session.scalar(select(func.sum(LedgerEntry.points)))
    engine.dispose()
    assert (len(won), sum(finished), paid) == (1, 1, 10)
