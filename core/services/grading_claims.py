"""How workers take, keep and finish the answers of batches; the rules are those of core.services.claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, tuple_, update
from sqlalchemy.orm import Session, contains_eager, load_only

from core.grading import GradeReport, Lane
from core.models.batch import Batch, Grading
from core.models.challenge import Revision
from core.models.submission import Submission
from core.services.claims import FRESH, LEASE
from core.words import BatchStatus, GradingStatus

MAX_GRADING_ATTEMPTS = 3


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
