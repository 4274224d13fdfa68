"""Learners' progress: the row that serialises one learner's work on one challenge, and the points it earns.

Lock order everywhere: submission, then progress, then totals, then the user's row (which counts events).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, load_only

from core.db import now
from core.errors import AttemptsExhausted, CoolingDown, CoreError
from core.events import ProgressUpdated
from core.models.challenge import Challenge, Revision
from core.models.progress import LedgerEntry, UserProgress
from core.models.submission import Submission
from core.services.events import record
from core.services.totals import add_points
from core.words import ProgressStatus

KEY = [UserProgress.user_id, UserProgress.challenge_id]
# What the row says now replaces what this session read before.
FRESH = {"populate_existing": True}
# Every submission makes it: written out, because building it anew each time would cost more than running it.
COUNT = select(UserProgress).from_statement(
    text("""
INSERT INTO user_progress AS mine
  (user_id, challenge_id, status, attempts, score, points, started_at, submitted_at, updated_at)
VALUES (:user_id, :challenge_id, 'submitted', 1, 0, 0, :at, :at, :at)
ON CONFLICT (user_id, challenge_id) DO UPDATE
SET attempts = mine.attempts - :given_back + 1,
    status = CASE mine.status WHEN 'started' THEN 'submitted' ELSE mine.status END,
    submitted_at = :at, updated_at = :at
WHERE (CAST(:most AS integer) IS NULL OR mine.attempts - :given_back < :most)
AND (CAST(:cooldown AS integer) IS NULL OR :given_back > 0 OR mine.submitted_at IS NULL
     OR mine.submitted_at + make_interval(secs => :cooldown) <= :at)
RETURNING *""")
)


class Attempt(Protocol):
    """What of a submission decides about its points."""

    @property
    def attempt(self) -> int: ...
    @property
    def deducted(self) -> int: ...


class Paying(Protocol):
    """What of a revision decides about points."""

    @property
    def points(self) -> int: ...
    @property
    def attempt_penalty(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Raised:
    """What a verdict did to a progress row: points earned, the level they lift it to, whether it completed it."""

    progress: UserProgress
    earned: int
    worth: int
    completed: bool


def lock_progress(session: Session, user_id: int, challenge_id: int) -> UserProgress:
    """The learner's row for the challenge, made when missing, locked until the transaction ends."""
    row = insert(UserProgress).values(user_id=user_id, challenge_id=challenge_id)
    locked = row.on_conflict_do_update(index_elements=KEY, set_={"updated_at": UserProgress.updated_at})
    return session.scalars(locked.returning(UserProgress), execution_options=FRESH).one()


def start_challenge(session: Session, user_id: int, challenge_id: int) -> tuple[UserProgress, bool]:
    """The learner opened the challenge. Returns the row and whether it is new; a further status stays."""
    known = session.get(UserProgress, (user_id, challenge_id))
    progress = lock_progress(session, user_id, challenge_id)
    if known is None:
        record(session, user_id, progress_updated(progress))
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


def count_attempt(
    session: Session, user_id: int, challenge: Challenge, given_back: int = 0
) -> UserProgress | None:
    """One attempt more, and `given_back` less, in one statement; None when the challenge does not allow it.

    Returns the learner's row, made when missing, locked until the transaction ends. An answer that takes the place of
    one that nobody has graded need not wait for the cooldown.
    """
    given = {
        "user_id": user_id,
        "challenge_id": challenge.id,
        "given_back": given_back,
        "most": challenge.attempts_max,
        "cooldown": challenge.cooldown_seconds,
        "at": now(),
    }
    return session.scalars(COUNT, given, execution_options=FRESH).one_or_none()


def give_attempt_back(session: Session, submission: Submission) -> UserProgress:
    """The attempt did not count: it was taken back, or we failed to grade it. Returns the row, locked."""
    progress = lock_progress(session, submission.user_id, submission.challenge_id)
    uncount_attempt(progress)
    return progress


def uncount_attempt(progress: UserProgress) -> None:
    """One attempt less, and no cooldown after it. The caller holds the lock."""
    progress.attempts, progress.submitted_at = max(progress.attempts - 1, 0), None
    if progress.attempts == 0 and progress.status is ProgressStatus.SUBMITTED:
        progress.status = ProgressStatus.STARTED


def worth(submission: Attempt, revision: Paying, score: float) -> int:
    """The points of the challenge that a score (0..1) of this submission is worth.

    Each attempt before it takes `attempt_penalty` of them away, and the hints that the learner had their cost.
    """
    return _level(revision, score, submission.attempt - 1, submission.deducted)


def points_available(challenge: Challenge, progress: UserProgress | None) -> int:
    """What a full solution is worth that the learner hands in now. Points that they have stay, should this be less."""
    earlier, deducted = (progress.attempts, progress.deducted) if progress else (0, 0)
    return _level(challenge, 1.0, earlier, deducted)


def attempts_left(challenge: Challenge, progress: UserProgress | None) -> int | None:
    """How often the learner may still submit; None: without limit."""
    if challenge.attempts_max is None:
        return None
    return max(challenge.attempts_max - (progress.attempts if progress else 0), 0)


def resets_at(challenge: Challenge, progress: UserProgress | None) -> datetime | None:
    """When the learner may answer again; None: now, or never."""
    if not (challenge.cooldown_seconds and progress and progress.submitted_at):
        return None
    ends = progress.submitted_at + timedelta(seconds=challenge.cooldown_seconds)
    return ends if ends > now() and attempts_left(challenge, progress) != 0 else None


def why_refused(session: Session, user_id: int, challenge: Challenge) -> CoreError:
    """Why `count_attempt` just answered None."""
    progress = session.scalars(
        select(UserProgress).filter_by(user_id=user_id, challenge_id=challenge.id), execution_options=FRESH
    ).one()
    if attempts_left(challenge, progress) == 0:
        return AttemptsExhausted(f"You have used all {challenge.attempts_max} attempts for this challenge.")
    ends = resets_at(challenge, progress) or now()
    seconds = max(math.ceil((ends - now()).total_seconds()), 1)
    rule = f"You may answer this challenge once in {challenge.cooldown_seconds} seconds."
    return CoolingDown(rule, retry_after=seconds)


def raise_progress(
    session: Session, graded: Sequence[tuple[Submission, float]]
) -> tuple[list[Raised], dict[int, int]]:
    """Bring the progress of each submission up to its score (0..1) where that is the best yet, in this order.

    Returns also what each learner who earned something has in all. The ledger's rule names the level that was reached,
    so that no level is ever paid twice.
    """
    rows = _lock_all(session, [submission for submission, _ in graded])
    at = now()
    raised = []
    for submission, score in graded:
        progress, revision = rows[submission.id]
        raised.append(_raise(progress, score, worth(submission, revision, score), at))
    paid = [
        _ledger_row(submission, result, at)
        for (submission, _), result in zip(graded, raised, strict=True)
        if result.earned
    ]
    if paid:
        session.execute(insert(LedgerEntry), paid)
    return raised, add_points(session, paid)


def progress_updated(progress: UserProgress) -> ProgressUpdated:
    """How the row stands now."""
    return ProgressUpdated(
        progress.challenge_id, progress.status.value, progress.attempts, progress.score, progress.points
    )


def _lock_all(
    session: Session, submissions: Sequence[Submission]
) -> dict[int, tuple[UserProgress, Revision]]:
    """By submission, its progress row and its revision; the rows are locked in the order of their keys."""
    mine = (UserProgress.user_id == Submission.user_id) & (
        UserProgress.challenge_id == Submission.challenge_id
    )
    bound = (Revision.challenge_id == Submission.challenge_id) & (Revision.number == Submission.revision)
    query = (
        select(Submission.id, UserProgress, Revision)
        .join(UserProgress, mine)
        .join(Revision, bound)
        .where(Submission.id.in_([submission.id for submission in submissions]))
        .order_by(UserProgress.user_id, UserProgress.challenge_id)
        .options(load_only(Revision.points, Revision.attempt_penalty))
        .with_for_update(of=UserProgress)
    )
    return {key: (row, revision) for key, row, revision in session.execute(query, execution_options=FRESH)}


def _raise(progress: UserProgress, score: float, level: int, at: datetime) -> Raised:
    earned = max(level - progress.points, 0)
    if earned:
        progress.points = level
    progress.score = max(progress.score, score)
    completed = score >= 1.0 and progress.status is not ProgressStatus.COMPLETED
    if completed:
        progress.status, progress.completed_at = ProgressStatus.COMPLETED, at
    return Raised(progress, earned, level, completed)


def _ledger_row(submission: Submission, raised: Raised, at: datetime) -> dict[str, object]:
    return {
        "user_id": submission.user_id,
        "challenge_id": submission.challenge_id,
        "submission_id": submission.id,
        "rule": level_rule(raised.worth, raised.progress.epoch),
        "points": raised.earned,
        "created_at": at,
    }


def _level(version: Paying, score: float, earlier: int, deducted: int) -> int:
    share = max(1 - version.attempt_penalty * earlier, 0)
    return max(round(version.points * score * share) - deducted, 0)


def level_rule(level: int, epoch: int) -> str:
    """The ledger's name for reaching `level` points; a rejudge begins another epoch, in which they are paid again."""
    return f"best:{level}@{epoch}" if epoch else f"best:{level}"
