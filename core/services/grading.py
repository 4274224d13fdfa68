"""How grading ends: verdicts, failures of ours, dead workers, reviews. Each transition is one compare-and-set.

Lock order everywhere: submissions, then progress, then users, each in the order of their keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.events import (
    AUTHORS,
    LeaderboardChanged,
    ReviewWaiting,
    SubmissionAwaitingReview,
    SubmissionGraded,
    SubmissionQueued,
)
from core.grading import GradeReport, Lane, Queue, Verdict
from core.models.submission import Submission
from core.models.user import User
from core.outbox import outbox
from core.queue import ticket
from core.services.achievements import unlock_achievements
from core.services.claims import FRESH, Claim, held
from core.services.events import Fact, broadcast, record, record_all
from core.services.progress import (
    Raised,
    give_attempt_back,
    lock_progress,
    progress_updated,
    raise_progress,
)
from core.services.reviews import NOT_WAITING, ensure_free
from core.words import SubmissionStatus

# So often a submission is tried before it ends as failed.
MAX_GRADING_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Freed:
    """A submission that was taken back from whoever graded it. `failed`: it was the last try."""

    submission_id: int
    failed: bool


def finish_gradings(session: Session, graded: Sequence[tuple[Claim, GradeReport]]) -> set[int]:
    """Write verdicts, points, progress and events in the caller's transaction: grading -> graded.

    Returns the ids of the submissions whose claim still held; of the others nothing is changed.
    """
    reports = {claim.submission_id: report for claim, report in graded}
    rows = _locked(session, select(Submission).where(held([claim for claim, _ in graded])))
    _record_verdicts(session, [(row, reports[row.id]) for row in rows])
    return {row.id for row in rows}


def await_review(session: Session, claim: Claim) -> bool:
    """A person must grade it: grading -> awaiting_review. False when the claim no longer holds."""
    for row in _locked(session, select(Submission).where(held([claim]))):
        row.status, row.lease_expires_at, row.grader = SubmissionStatus.AWAITING_REVIEW, None, None
        record(session, row.user_id, SubmissionAwaitingReview(row.id, row.challenge_id))
        broadcast(session, ReviewWaiting(row.id, row.challenge_id), AUTHORS)
        return True
    return False


def decide_review(session: Session, submission_id: int, reviewer: User, report: GradeReport) -> Submission:
    """A reviewer's verdict: awaiting_review -> graded. No claim is needed, but somebody else's is respected.

    Raises Conflict when nothing waits for a verdict any more, ReviewClaimed while another reviewer holds it.
    """
    for row in _locked(session, _in_status(SubmissionStatus.AWAITING_REVIEW, [submission_id])):
        ensure_free(session, reviewer, row)
        row.grader, row.reviewer_id, row.review_until = reviewer.username, None, None
        _record_verdicts(session, [(row, report)])
        return row
    raise Conflict(NOT_WAITING)


def release_submission(session: Session, claim: Claim, reason: str) -> Freed | None:
    """We failed: grading -> queued, or failed with the attempt given back at the third time. None when fenced out."""
    for row in _locked(session, select(Submission).where(held([claim]))):
        return _requeue_or_fail(session, row, reason, delay=timedelta(seconds=row.grading_attempt))
    return None


def free_one_expired(session: Session) -> Freed | None:
    """Take back one submission that a dead worker holds; None when there is none.

    One per transaction: a sweeper that holds the rows of several learners could wait for another in a circle.
    """
    expired = (
        select(Submission)
        .where(Submission.status == SubmissionStatus.GRADING)
        .where(Submission.lease_expires_at < func.clock_timestamp())
        .order_by(Submission.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    for row in session.scalars(expired, execution_options=FRESH):
        return _requeue_or_fail(session, row, "The worker that graded it died.")
    return None


def retry_failed(session: Session, submission_id: int) -> bool:
    """Grade one that ended as failed once more: failed -> queued, at low priority. False when it has not failed.

    Its attempt, which was given back, counts again.
    """
    for row in _locked(session, _in_status(SubmissionStatus.FAILED, [submission_id])):
        row.status, row.queue, row.failure = SubmissionStatus.QUEUED, Queue.REJUDGES, None
        row.verdict = row.score = row.points = row.results = row.graded_at = None
        row.not_before = row.queued_at = func.clock_timestamp()
        session.flush()
        progress = lock_progress(session, row.user_id, row.challenge_id)
        progress.attempts += 1
        record_all(session, [(row.user_id, _queued(row)), (row.user_id, progress_updated(progress))])
        outbox(session).tasks.append(ticket(Lane(row.queue, row.language)))
        return True
    return False


def failed_submissions(since: timedelta) -> Select[int]:
    """The ids of submissions that ended as failed within `since`, oldest first."""
    recent = Submission.graded_at > func.clock_timestamp() - since
    ids = select(Submission.id).where(Submission.status == SubmissionStatus.FAILED, recent)
    return ids.order_by(Submission.id)


def _requeue_or_fail(
    session: Session, row: Submission, reason: str, delay: timedelta = timedelta(0)
) -> Freed:
    row.lease_expires_at, row.failure = None, reason[:2000]
    if failed := row.grading_attempt % MAX_GRADING_ATTEMPTS == 0:
        _fail(session, row)
    else:
        row.status, row.not_before = SubmissionStatus.QUEUED, func.clock_timestamp() + delay
        record(session, row.user_id, _queued(row))
    return Freed(row.id, failed)


def _fail(session: Session, row: Submission) -> None:
    row.status, row.verdict = SubmissionStatus.FAILED, Verdict.INTERNAL_ERROR
    row.score, row.points, row.results = 0.0, 0, []
    row.graded_at = func.clock_timestamp()
    session.flush()
    progress = give_attempt_back(session, row)
    record_all(session, [(row.user_id, _graded(row)), (row.user_id, progress_updated(progress))])


def _record_verdicts(session: Session, graded: Sequence[tuple[Submission, GradeReport]]) -> None:
    """The rows are locked. All learners' rows are changed before any event is counted: see the lock order."""
    if not graded:
        return
    at = session.scalars(select(func.clock_timestamp())).one()
    for row, report in graded:
        row.status, row.verdict, row.score = SubmissionStatus.GRADED, report.verdict, report.score
        row.results = [result.as_dict() for result in report.results]
        row.compile_output, row.graded_at = report.compile_output, at
        row.lease_expires_at = row.failure = None
    raised, totals = raise_progress(session, [(row, report.score) for row, report in graded])
    facts: list[Fact] = []
    for (row, _), one in zip(graded, raised, strict=True):
        row.points = one.earned
        facts += _told(row, one, totals)
    session.flush()
    facts += unlock_achievements(session, [one.progress for one in raised if one.completed])
    record_all(session, facts)


def _told(row: Submission, raised: Raised, totals: dict[int, int]) -> list[Fact]:
    told: list[Fact] = [(row.user_id, _graded(row)), (row.user_id, progress_updated(raised.progress))]
    if raised.earned:
        told.append((row.user_id, LeaderboardChanged(totals[row.user_id], raised.earned)))
    return told


def _locked(session: Session, query: Select[Submission]) -> Sequence[Submission]:
    locked = query.order_by(Submission.id).with_for_update()
    return session.scalars(locked, execution_options=FRESH).all()


def _in_status(status: SubmissionStatus, ids: Sequence[int]) -> Select[Submission]:
    return select(Submission).where(Submission.id.in_(ids), Submission.status == status)


def _queued(row: Submission) -> SubmissionQueued:
    return SubmissionQueued(row.id, row.challenge_id, row.attempt)


def _graded(row: Submission) -> SubmissionGraded:
    return SubmissionGraded(
        row.id,
        row.challenge_id,
        row.status.value,
        (row.verdict or Verdict.INTERNAL_ERROR).value,
        row.score or 0.0,
        row.points or 0,
        row.attempt,
    )
