"""Batches of answers that are graded in the background: opening, following and ending them.

Workers only write verdicts (core.services.grading_claims); what a finished batch means, the sweeper decides, see
workers.settling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from core.db import now
from core.errors import Conflict, NotFound
from core.grading import Lane, Queue, Verdict
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge
from core.models.user import User
from core.outbox import outbox
from core.queue import ticket
from core.services.claims import FRESH
from core.words import BatchStatus, GradingStatus, Purpose

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
    # Not the key: a grading that is written meanwhile may look whether its batch is there.
    query = select(Batch).where(Batch.id == batch_id).with_for_update(key_share=True)
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
