"""Batches of answers that are graded in the background, and how workers take, keep and finish them.

The rules are those of submissions (core.services.claims): a row is the truth, a lease says who has it, the attempt
number is the fence. Workers only write verdicts; the sweeper decides what a finished batch means (workers.settling).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.orm import Session, contains_eager, load_only

from core.db import now
from core.errors import Conflict, NotFound
from core.grading import GradeReport, Lane, Queue, Verdict
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge, Revision
from core.models.submission import Submission
from core.models.user import User
from core.outbox import outbox
from core.queue import ticket
from core.services.claims import FRESH, LEASE
from core.words import BatchStatus, GradingStatus, Purpose

MAX_GRADING_ATTEMPTS = 3
# Tickets that are sent at once with a batch; the sweeper sends the others, a second later.
FIRST_TICKETS = 8
UNFINISHED = (GradingStatus.QUEUED, GradingStatus.GRADING)


@dataclass(frozen=True, slots=True)
class NewGrading:
    """An answer to grade: of a submission, or one of the challenge's own. `cpu_seconds`: see core.models.batch."""

    name: str = ""
    answer: dict[str, Any] | None = None
    language: str | None = None
    submission_id: int | None = None
    expected: Verdict | None = None
    cpu_seconds: float | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradingClaim:
    """A worker's right to grade an answer of a batch. `attempt` is the fence.

    `learner_attempt` is which of the learner's tries a rejudged submission is; None for a challenge's own answers.
    """

    grading_id: int
    attempt: int
    kind: str
    spec: dict[str, Any]
    answer: dict[str, Any]
    cpu_seconds: float | None
    learner_attempt: int | None = None


def open_batch(
    session: Session, purpose: Purpose, version: tuple[int, int], by: User | None, details: Mapping[str, Any]
) -> Batch:
    """A batch against `version` (challenge id, revision number), without gradings yet; an empty one settles soon."""
    challenge_id, revision = version
    batch = Batch(
        purpose=purpose,
        challenge_id=challenge_id,
        revision=revision,
        requested_by=by.id if by else None,
        details=dict(details),
    )
    session.add(batch)
    session.flush()
    return batch


def add_gradings(session: Session, batch: Batch, gradings: Iterable[NewGrading]) -> int:
    """Queue them; how many there are. Also while the batch runs: whoever settles it may ask for more."""
    at = now()
    rows = [_row(batch, one, at) for one in gradings]
    if rows:
        session.execute(insert(Grading), rows)
    lanes = Counter(Lane(Queue.REJUDGES, row["language"]) for row in rows)
    for lane, count in lanes.items():
        outbox(session).tasks.extend([ticket(lane)] * min(count, FIRST_TICKETS))
    return len(rows)


def get_batch(session: Session, batch_id: int, purposes: Sequence[Purpose]) -> Batch:
    """Raises NotFound."""
    batch = session.get(Batch, batch_id)
    if batch is None or batch.purpose not in purposes:
        raise NotFound
    return batch


def lock_batch(session: Session, batch_id: int, status: BatchStatus) -> Batch:
    """The batch, locked until the transaction ends. Raises Conflict when it is not in that status."""
    query = select(Batch).where(Batch.id == batch_id).with_for_update()
    batch = session.scalars(query, execution_options=FRESH).one()
    if batch.status is not status:
        raise Conflict(f"This is {batch.status.value} already.")
    return batch


def end_batch(batch: Batch, status: BatchStatus, report: Mapping[str, Any] | None = None) -> None:
    """The caller holds the lock."""
    batch.status, batch.finished_at = status, now()
    if report is not None:
        batch.report = dict(report)


def cancel_batches(session: Session, challenge_id: int, purpose: Purpose) -> list[int]:
    """Stop the running batches of a challenge: what nobody has begun is dropped. Returns their ids."""
    running = (
        Batch.challenge_id == challenge_id,
        Batch.purpose == purpose,
        Batch.status == BatchStatus.RUNNING,
    )
    query = select(Batch).where(*running).order_by(Batch.id).with_for_update()
    batches = session.scalars(query, execution_options=FRESH).all()
    for batch in batches:
        end_batch(batch, BatchStatus.CANCELLED)
    session.flush()
    ids = [batch.id for batch in batches]
    if ids:
        waiting = Grading.batch_id.in_(ids) & (Grading.status == GradingStatus.QUEUED)
        session.execute(delete(Grading).where(waiting))
    return ids


def list_batches(challenge_id: int, purposes: Sequence[Purpose]) -> Select[Batch]:
    """Those of a challenge, without an order."""
    return select(Batch).where(Batch.challenge_id == challenge_id, Batch.purpose.in_(purposes))


def progress_of(session: Session, batch_id: int) -> dict[GradingStatus, int]:
    """How many gradings of the batch are in which status."""
    query = select(Grading.status, func.count()).where(Grading.batch_id == batch_id).group_by(Grading.status)
    return dict.fromkeys(GradingStatus, 0) | {row.status: row[1] for row in session.execute(query)}


def claim_gradings(session: Session, lane: Lane, limit: int = 1) -> list[GradingClaim]:
    """Take the next answers of the lane, at most `limit`: queued -> grading. Empty: nothing waits."""
    ready = (
        select(Grading.id)
        .where(Grading.status == GradingStatus.QUEUED, Grading.lane == lane.name, _batch_runs())
        .where(Grading.not_before <= func.clock_timestamp())
        # A challenge's own answers first: its author waits for them, and thousands may be rejudged.
        .order_by(Grading.submission_id.is_not(None), Grading.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    take = (
        update(Grading)
        .where(Grading.id.in_(ready))
        .values(
            status=GradingStatus.GRADING,
            grading_attempt=Grading.grading_attempt + 1,
            lease_expires_at=func.clock_timestamp() + LEASE,
        )
        .returning(Grading.id)
    )
    taken = session.scalars(take, execution_options={"synchronize_session": False}).all()
    return _claims(session, taken) if taken else []


def renew_gradings(session: Session, claims: Sequence[GradingClaim]) -> set[int]:
    """Keep the claims for another lease; the ids of those that still hold: of a batch that still runs."""
    renew = update(Grading).where(_held(claims), _batch_runs())
    renew = renew.values(lease_expires_at=func.clock_timestamp() + LEASE)
    return set(session.scalars(renew.returning(Grading.id), execution_options=FRESH))


def finish_grading(session: Session, claim: GradingClaim, report: GradeReport) -> bool:
    """Write the verdict: grading -> graded. False when the claim no longer held, and nothing is changed."""
    return _end(
        session,
        claim,
        status=GradingStatus.GRADED,
        graded_at=func.clock_timestamp(),
        failure=None,
        verdict=report.verdict,
        score=report.score,
        results=[result.as_dict() for result in report.results],
        compile_output=report.compile_output,
    )


def release_grading(session: Session, claim: GradingClaim, reason: str, again: bool = True) -> None:
    """We failed: grading -> queued, or failed at the third time, or where it is of no use to try `again`."""
    last = claim.attempt >= MAX_GRADING_ATTEMPTS or not again
    _end(
        session,
        claim,
        status=GradingStatus.FAILED if last else GradingStatus.QUEUED,
        not_before=func.clock_timestamp() + timedelta(seconds=claim.attempt),
        failure=reason[:2000],
    )


def free_expired_gradings(session: Session) -> int:
    """Take back those that dead workers hold; how many there were."""
    expired = (Grading.status == GradingStatus.GRADING, Grading.lease_expires_at < func.clock_timestamp())
    rows = session.scalars(
        select(Grading).where(*expired).with_for_update(skip_locked=True), execution_options=FRESH
    )
    freed = rows.all()
    for row in freed:
        last = row.grading_attempt >= MAX_GRADING_ATTEMPTS
        row.status = GradingStatus.FAILED if last else GradingStatus.QUEUED
        row.lease_expires_at, row.failure = None, "The worker that graded it died."
    return len(freed)


def waiting_gradings(session: Session) -> dict[Lane, int]:
    """How many answers of running batches could be taken now, by lane."""
    waiting = (
        select(Grading.lane, func.count())
        .where(
            Grading.status == GradingStatus.QUEUED,
            Grading.not_before <= func.clock_timestamp(),
            _batch_runs(),
        )
        .group_by(Grading.lane)
    )
    return {Lane.parse(name): count for name, count in session.execute(waiting)}


def finished_batch(session: Session) -> Batch | None:
    """A running batch of which no answer waits or is graded any more; None when there is none.

    It is locked, and its challenge with it: whoever settles it waits for neither, so that it cannot come to a deadlock
    with an author who changes the challenge and then cancels the batch.
    """
    open_ones = exists().where(Grading.batch_id == Batch.id, Grading.status.in_(UNFINISHED))
    query = select(Batch).join(Batch.challenge).where(Batch.status == BatchStatus.RUNNING, ~open_ones)
    query = query.order_by(Batch.id).limit(1)
    locked = query.with_for_update(of=[Batch, Challenge], key_share=True, skip_locked=True)
    return session.scalars(locked, execution_options=FRESH).one_or_none()


def gradings_of(session: Session, batch_id: int) -> Sequence[Grading]:
    """All answers of the batch, in the order in which they were asked for."""
    query = select(Grading).where(Grading.batch_id == batch_id).order_by(Grading.id)
    return session.scalars(query, execution_options=FRESH).all()


def _row(batch: Batch, one: NewGrading, at: Any) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "submission_id": one.submission_id,
        "name": one.name,
        "answer": one.answer,
        "language": one.language,
        "expected": one.expected,
        "cpu_seconds": one.cpu_seconds,
        "details": one.details,
        "not_before": at,
    }


def _claims(session: Session, ids: Sequence[int]) -> list[GradingClaim]:
    query = (
        select(Grading, Revision, Submission.answer, Submission.attempt)
        .join(Grading.batch)
        .join(Revision, (Revision.challenge_id == Batch.challenge_id) & (Revision.number == Batch.revision))
        .outerjoin(Submission, Submission.id == Grading.submission_id)
        .where(Grading.id.in_(ids))
        .options(load_only(Revision.kind, Revision.spec), contains_eager(Grading.batch))
        .order_by(Grading.id)
    )
    return [
        GradingClaim(
            row.id,
            row.grading_attempt,
            revision.kind,
            revision.spec,
            row.answer if row.answer is not None else answer,
            row.cpu_seconds,
            learner_attempt,
        )
        for row, revision, answer, learner_attempt in session.execute(query, execution_options=FRESH)
    ]


def _end(session: Session, claim: GradingClaim, **values: Any) -> bool:
    write = update(Grading).where(_held([claim])).values(lease_expires_at=None, **values)
    return bool(session.scalars(write.returning(Grading.id), execution_options=FRESH).all())


def _held(claims: Sequence[GradingClaim]) -> ColumnElement[bool]:
    keys = [(claim.grading_id, claim.attempt) for claim in claims]
    return (Grading.status == GradingStatus.GRADING) & tuple_(Grading.id, Grading.grading_attempt).in_(keys)


def _batch_runs() -> ColumnElement[bool]:
    return exists().where(Batch.id == Grading.batch_id, Batch.status == BatchStatus.RUNNING)
