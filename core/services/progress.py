"""Learners' progress: the row that serialises one learner's work on one challenge, and the points it earns.

Lock order everywhere: submission, then progress, then the user's row (which counts events).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db import now
from core.events import LeaderboardChanged, ProgressUpdated
from core.models.challenge import Challenge
from core.models.progress import LedgerEntry, UserProgress
from core.models.submission import Submission
from core.services.events import record
from core.words import ProgressStatus


def lock_progress(session: Session, user_id: int, challenge_id: int) -> UserProgress:
    """The learner's row for the challenge, made when missing, locked until the transaction ends."""
    make = insert(UserProgress).values(user_id=user_id, challenge_id=challenge_id)
    session.execute(make.on_conflict_do_nothing())
    query = select(UserProgress).filter_by(user_id=user_id, challenge_id=challenge_id).with_for_update()
    return session.execute(query, execution_options={"populate_existing": True}).scalar_one()


def start_challenge(session: Session, user_id: int, challenge_id: int) -> tuple[UserProgress, bool]:
    """The learner opened the challenge. Returns the row and whether it is new; a further status stays."""
    known = session.get(UserProgress, (user_id, challenge_id))
    progress = lock_progress(session, user_id, challenge_id)
    if known is None:
        record_progress(session, progress)
    return progress, known is None


def list_progress(
    user_id: int, challenge_ids: Sequence[int] = (), statuses: Sequence[ProgressStatus] = ()
) -> Select[UserProgress]:
    """The learner's rows, the latest change first; only of these challenges and statuses where any are named."""
    query = select(UserProgress).filter_by(user_id=user_id)
    if challenge_ids:
        query = query.where(UserProgress.challenge_id.in_(challenge_ids))
    if statuses:
        query = query.where(UserProgress.status.in_(statuses))
    return query.order_by(UserProgress.updated_at.desc(), UserProgress.challenge_id)


def count_attempt(progress: UserProgress) -> None:
    """A submission was accepted."""
    progress.attempts += 1
    progress.submitted_at = now()
    if progress.status is ProgressStatus.STARTED:
        progress.status = ProgressStatus.SUBMITTED


def give_attempt_back(session: Session, submission: Submission) -> None:
    """The attempt did not count: it was cancelled, or we failed to grade it."""
    progress = lock_progress(session, submission.user_id, submission.challenge_id)
    progress.attempts = max(progress.attempts - 1, 0)
    if progress.attempts == 0 and progress.status is ProgressStatus.SUBMITTED:
        progress.status = ProgressStatus.STARTED


def raise_progress(session: Session, submission: Submission, score: float) -> tuple[UserProgress, int]:
    """Bring progress up to `score` (0..1) where that is the best yet.

    Returns the row and the points that were earned. The ledger's rule names the level that was reached, so that
    no level is ever paid twice.
    """
    progress = lock_progress(session, submission.user_id, submission.challenge_id)
    challenge = session.get_one(Challenge, submission.challenge_id)
    worth = round(challenge.points * score)
    earned = max(worth - progress.points, 0)
    if earned:
        session.add(_ledger_entry(submission, f"best:{worth}", earned))
        progress.points = worth
    progress.score = max(progress.score, score)
    if score >= 1.0 and progress.status is not ProgressStatus.COMPLETED:
        progress.status, progress.completed_at = ProgressStatus.COMPLETED, now()
    return progress, earned


def record_progress(session: Session, progress: UserProgress) -> None:
    """Tell the learner how the row stands now."""
    event = ProgressUpdated(
        progress.challenge_id, progress.status.value, progress.attempts, progress.score, progress.points
    )
    record(session, progress.user_id, event)


def record_points(session: Session, user_id: int, earned: int) -> None:
    """Tell the learner their new total."""
    session.flush()
    total = session.scalar(select(func.sum(LedgerEntry.points)).where(LedgerEntry.user_id == user_id))
    record(session, user_id, LeaderboardChanged(points=int(total or 0), earned=earned))


def _ledger_entry(submission: Submission, rule: str, points: int) -> LedgerEntry:
    return LedgerEntry(
        user_id=submission.user_id,
        challenge_id=submission.challenge_id,
        submission_id=submission.id,
        rule=rule,
        points=points,
    )
