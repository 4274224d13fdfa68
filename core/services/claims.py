"""Taking work: which of the queued submissions comes next, and for how long it belongs to whom.

The order is fair queueing by learner. Each submission gets a turn when it is queued: the present turn of its lane, or
one more than the learner's last that still waits there. So of two learners with any number of waiting submissions each
gets every second place, and a first one never waits behind another learner's second. (The start tags of Goyal, Vin
and Cheng, "Start-time Fair Queuing", 1996, with every submission counted alike.)

The clock is PostgreSQL's, so that workers on different hosts agree about leases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_, update
from sqlalchemy.orm import Session, load_only

from core.events import SubmissionGrading
from core.grading import Lane
from core.models.challenge import Revision
from core.models.submission import Submission
from core.services.events import record_all
from core.words import SubmissionStatus

LEASE = timedelta(seconds=6)
# What the row says now replaces what this session read before.
FRESH = {"populate_existing": True, "synchronize_session": False}


# The turn of a submission that :user_id hands in now for :lane.
NEXT_TURN = """(
SELECT coalesce(greatest(
  (SELECT min(turn) FROM submissions WHERE status = 'queued' AND lane = :lane AND grading_attempt = 0),
  (SELECT max(turn) + 1 FROM submissions WHERE status = 'queued' AND lane = :lane AND user_id = :user_id)
), 0))"""


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
    language: str | None
    request_id: str | None = None


def claim_submissions(session: Session, lane: Lane, worker: str, limit: int = 1) -> list[Claim]:
    """Take the next submissions of the lane, at most `limit`: queued -> grading. Empty: nothing waits.

    One that a worker failed at before comes first and alone, so that what kills a worker never takes others along.
    """
    take = (
        update(Submission)
        .where(Submission.id.in_(_next(lane, limit)))
        .values(
            status=SubmissionStatus.GRADING,
            grading_attempt=Submission.grading_attempt + 1,
            lease_expires_at=func.clock_timestamp() + LEASE,
            started_at=func.clock_timestamp(),
            grader=worker,
        )
        .returning(Submission)
    )
    taken = sorted(session.scalars(take, execution_options=FRESH), key=lambda row: (row.turn, row.id))
    record_all(session, [(row.user_id, SubmissionGrading(row.id, row.challenge_id, worker)) for row in taken])
    revisions = _revisions(session, {_version(row) for row in taken})
    return [_claim(row, revisions[_version(row)]) for row in taken]


def renew_leases(session: Session, claims: Sequence[Claim]) -> set[int]:
    """Keep the claims for another lease; the ids of those that still hold. Others were cancelled or taken over."""
    values = {"lease_expires_at": func.clock_timestamp() + LEASE}
    renew = update(Submission).where(held(claims)).values(values)
    return set(session.scalars(renew.returning(Submission.id), execution_options=FRESH))


def held(claims: Sequence[Claim]) -> ColumnElement[bool]:
    """The condition that a submission is being graded under one of these claims."""
    keys = [(claim.submission_id, claim.attempt) for claim in claims]
    fence = tuple_(Submission.id, Submission.grading_attempt).in_(keys)
    return (Submission.status == SubmissionStatus.GRADING) & fence


def waiting_lanes(session: Session) -> dict[Lane, int]:
    """How many submissions of each lane could be taken now; lanes in which none waits are left out."""
    waiting = (
        select(Submission.lane, func.count())
        .where(Submission.status == SubmissionStatus.QUEUED)
        .where(Submission.not_before <= func.clock_timestamp())
        .group_by(Submission.lane)
    )
    return {Lane.parse(name): count for name, count in session.execute(waiting)}


def _next(lane: Lane, limit: int) -> Select[int]:
    ready = _queued(lane, Submission.not_before <= func.clock_timestamp())
    tried = _first(1, *ready, Submission.grading_attempt > 0).cte("tried")
    fresh = _first(limit, *ready, Submission.grading_attempt == 0, ~exists(select(tried.c.id))).cte("fresh")
    return select(tried.c.id).union_all(select(fresh.c.id))  # type: ignore[return-value]


def _first(limit: int, *conditions: ColumnElement[bool]) -> Select[int]:
    """Those of the lowest turns that no other worker is just taking."""
    query = select(Submission.id).where(*conditions).order_by(Submission.turn, Submission.id)
    return query.limit(limit).with_for_update(skip_locked=True)


def _queued(lane: Lane, *more: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [Submission.status == SubmissionStatus.QUEUED, Submission.lane == lane.name, *more]


def _version(row: Submission) -> tuple[int, int]:
    return row.challenge_id, row.revision


def _revisions(session: Session, versions: set[tuple[int, int]]) -> dict[tuple[int, int], Revision]:
    query = select(Revision).where(tuple_(Revision.challenge_id, Revision.number).in_(versions))
    query = query.options(load_only(Revision.kind, Revision.spec))
    return {(row.challenge_id, row.number): row for row in session.scalars(query)} if versions else {}


def _claim(submission: Submission, revision: Revision) -> Claim:
    return Claim(
        submission.id,
        submission.grading_attempt,
        submission.user_id,
        revision.challenge_id,
        revision.kind,
        revision.spec,
        submission.answer,
        submission.attempt,
        submission.language,
        submission.request_id,
    )
