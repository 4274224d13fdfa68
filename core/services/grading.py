"""The states of grading. Each transition is one compare-and-set, and only the holder of the claim may finish.

The clock is PostgreSQL's, so that workers on different hosts agree about leases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.events import SubmissionAwaitingReview, SubmissionGraded, SubmissionGrading, SubmissionQueued
from core.grading import GradeReport, Queue, Verdict
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.models.user import User
from core.queue import Task, grading_task
from core.services.achievements import unlock_achievements
from core.services.events import record
from core.services.progress import (
    give_attempt_back,
    lock_progress,
    raise_progress,
    record_points,
    record_progress,
)
from core.words import SubmissionStatus

MAX_GRADING_ATTEMPTS = 3
LEASE = timedelta(seconds=8)
# How long the sweeper waits before it publishes the same row once more.
REPUBLISH = timedelta(seconds=10)
# What the row says now replaces what this session read before.
FRESH = {"populate_existing": True, "synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's right to grade a submission. `attempt` is the fence: a later claim ends this one.

    `learner_attempt` is which of the learner's tries this is.
    """

    submission_id: int
    attempt: int
    user_id: int
    challenge_id: int
    kind: str
    spec: dict[str, Any]
    answer: dict[str, Any]
    learner_attempt: int
    request_id: str | None = None


def claim_submission(session: Session, submission_id: int, worker: str) -> Claim | None:
    """Take a queued submission: queued -> grading. None when there is nothing to take (a duplicate delivery)."""
    take = (
        update(Submission)
        .where(Submission.id == submission_id, Submission.status == SubmissionStatus.QUEUED)
        .values(
            status=SubmissionStatus.GRADING,
            grading_attempt=Submission.grading_attempt + 1,
            lease_expires_at=func.clock_timestamp() + LEASE,
            started_at=func.clock_timestamp(),
            grader=worker,
        )
        .returning(Submission)
    )
    submission = session.scalars(take, execution_options=FRESH).one_or_none()
    if submission is None:
        return None
    record(session, submission.user_id, SubmissionGrading(submission.id, submission.challenge_id, worker))
    return _claim(submission, session.get_one(Challenge, submission.challenge_id))


def renew_lease(session: Session, claim: Claim) -> bool:
    """Keep the claim for another lease. False: it was cancelled or taken over, stop grading."""
    values = {"lease_expires_at": func.clock_timestamp() + LEASE}
    held = _held(claim).values(values).returning(Submission.id)
    return session.scalar(held, execution_options=FRESH) is not None


def finish_grading(session: Session, claim: Claim, report: GradeReport) -> bool:
    """Write the verdict, points, progress and events in the caller's transaction: grading -> graded.

    False when the claim no longer holds; then nothing is changed.
    """
    submission = _ended(session, _held(claim), report)
    if submission is None:
        return False
    _record_verdict(session, submission, report)
    return True


def await_review(session: Session, claim: Claim) -> bool:
    """A person must grade it: grading -> awaiting_review. False when the claim no longer holds."""
    values = {"status": SubmissionStatus.AWAITING_REVIEW, "lease_expires_at": None, "grader": None}
    if session.scalar(_held(claim).values(values).returning(Submission.id), execution_options=FRESH) is None:
        return False
    record(session, claim.user_id, SubmissionAwaitingReview(claim.submission_id, claim.challenge_id))
    return True


def decide_review(session: Session, submission_id: int, reviewer: User, report: GradeReport) -> Submission:
    """A reviewer's verdict: awaiting_review -> graded. Raises Conflict when nothing waits for one any more."""
    waiting = update(Submission).where(
        Submission.id == submission_id, Submission.status == SubmissionStatus.AWAITING_REVIEW
    )
    submission = _ended(session, waiting.values(grader=reviewer.username), report)
    if submission is None:
        raise Conflict("This submission does not wait for a review.")
    _record_verdict(session, submission, report)
    return submission


def release_submission(session: Session, claim: Claim, reason: str) -> bool:
    """We failed: grading -> queued, or failed with the attempt given back at the third time. False when fenced out."""
    submission = session.scalars(_locked_claim(claim), execution_options=FRESH).one_or_none()
    if submission is None:
        return False
    _requeue_or_fail(session, submission, reason)
    return True


def free_one_expired(session: Session) -> bool:
    """Take back one submission that a dead worker holds; False when there is none.

    One per transaction: sweepers that hold the rows of several learners at once could wait for each other in a circle.
    """
    expired = (
        select(Submission)
        .where(Submission.status == SubmissionStatus.GRADING)
        .where(Submission.lease_expires_at < func.clock_timestamp())
        .order_by(Submission.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    submission = session.scalars(expired, execution_options=FRESH).one_or_none()
    if submission is None:
        return False
    _requeue_or_fail(session, submission, "The worker that graded it died.", delay=timedelta(0))
    return True


def take_stranded(session: Session, queue: Queue, limit: int = 500) -> Sequence[Task]:
    """Queued submissions whose message may be lost, to be published again. Raises nothing; oldest first."""
    due = (
        select(Submission.id)
        .where(Submission.status == SubmissionStatus.QUEUED, Submission.queue == queue)
        .where(Submission.publish_after < func.clock_timestamp())
        .order_by(Submission.queued_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    later = func.clock_timestamp() + REPUBLISH
    taken = update(Submission).where(Submission.id.in_(due.scalar_subquery())).values(publish_after=later)
    ids = session.scalars(taken.returning(Submission.id), execution_options=FRESH)
    return [grading_task(submission_id, queue) for submission_id in sorted(ids)]


def count_queued(session: Session, queue: Queue) -> int:
    """Submissions of the queue that wait for a worker."""
    rows = select(func.count()).select_from(Submission)
    return (
        session.scalar(rows.where(Submission.status == SubmissionStatus.QUEUED, Submission.queue == queue))
        or 0
    )


def _requeue_or_fail(
    session: Session, submission: Submission, reason: str, delay: timedelta | None = None
) -> None:
    if submission.grading_attempt >= MAX_GRADING_ATTEMPTS:
        _fail(session, submission, reason)
        return
    wait = delay if delay is not None else timedelta(seconds=submission.grading_attempt)
    submission.status, submission.lease_expires_at = SubmissionStatus.QUEUED, None
    submission.failure = reason[:2000]
    submission.publish_after = func.clock_timestamp() + wait
    record(
        session,
        submission.user_id,
        SubmissionQueued(submission.id, submission.challenge_id, submission.attempt),
    )


def _fail(session: Session, submission: Submission, reason: str) -> None:
    submission.status, submission.verdict = SubmissionStatus.FAILED, Verdict.INTERNAL_ERROR
    submission.score, submission.points, submission.results = 0.0, 0, []
    submission.failure, submission.lease_expires_at = reason[:2000], None
    submission.graded_at = func.clock_timestamp()
    session.flush()
    give_attempt_back(session, submission)
    record(session, submission.user_id, _graded(submission))
    record_progress(session, lock_progress(session, submission.user_id, submission.challenge_id))


def _record_verdict(session: Session, submission: Submission, report: GradeReport) -> None:
    progress, submission.points = raise_progress(session, submission, report.score)
    record(session, submission.user_id, _graded(submission))
    record_progress(session, progress)
    if submission.points:
        record_points(session, submission.user_id, submission.points)
    unlock_achievements(session, progress)


def _ended(session: Session, which: Any, report: GradeReport) -> Submission | None:
    """Write `report` on the row that the update `which` still finds; None when it finds none."""
    end = which.values(
        status=SubmissionStatus.GRADED,
        verdict=report.verdict,
        score=report.score,
        results=[result.as_dict() for result in report.results],
        compile_output=report.compile_output,
        graded_at=func.clock_timestamp(),
        lease_expires_at=None,
        failure=None,
    )
    return session.scalars(end.returning(Submission), execution_options=FRESH).one_or_none()


def _held(claim: Claim) -> Any:
    return (
        update(Submission)
        .where(Submission.id == claim.submission_id, Submission.status == SubmissionStatus.GRADING)
        .where(Submission.grading_attempt == claim.attempt)
    )


def _locked_claim(claim: Claim) -> Any:
    return (
        select(Submission)
        .where(Submission.id == claim.submission_id, Submission.status == SubmissionStatus.GRADING)
        .where(Submission.grading_attempt == claim.attempt)
        .with_for_update()
    )


def _claim(submission: Submission, challenge: Challenge) -> Claim:
    return Claim(
        submission.id,
        submission.grading_attempt,
        submission.user_id,
        challenge.id,
        challenge.kind,
        challenge.spec,
        submission.answer,
        submission.attempt,
        submission.request_id,
    )


def _graded(submission: Submission) -> SubmissionGraded:
    return SubmissionGraded(
        submission.id,
        submission.challenge_id,
        submission.status.value,
        (submission.verdict or Verdict.INTERNAL_ERROR).value,
        submission.score or 0.0,
        submission.points or 0,
        submission.attempt,
    )
