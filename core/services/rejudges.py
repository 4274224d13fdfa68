"""Rejudges: graded submissions are graded once more in the background, and nothing changes until somebody applies it.

A rejudge is a batch. Each of its gradings remembers in `details` how the submission stood when it was asked for;
one that stands otherwise later was changed by another rejudge, and is left alone. See core.services.rejudging.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, literal, select
from sqlalchemy.orm import Session, joinedload

from core.errors import Conflict, NothingToRejudge, NotRejudgeable, ValidationFailed
from core.grading import Grader, Lane, Queue, Verdict
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge, Revision
from core.models.submission import Submission
from core.models.user import User
from core.outbox import outbox
from core.queue import ticket
from core.services.audit import Act, record_act
from core.services.batches import FIRST_TICKETS, end_batch, get_batch, open_batch
from core.services.claims import FRESH
from core.words import BatchStatus, GradingStatus, Purpose, SubmissionStatus

# So many submissions at once: they are applied in one transaction, within what a request may take.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Which graded submissions of a challenge; an empty part means any. `revision` is the one they are bound to."""

    submission_id: int | None = None
    username: str | None = None
    revision: int | None = None
    verdict: Sequence[Verdict] = ()
    since: datetime | None = None
    until: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """The parts that are not empty, as JSON."""
        parts = {
            "submission_id": self.submission_id,
            "username": self.username,
            "revision": self.revision,
            "verdict": [verdict.value for verdict in self.verdict],
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True, slots=True)
class Wish:
    """What to grade again, and against which revision; None: the live one."""

    scope: Scope = Scope()
    target: int | None = None


def start_rejudge(
    session: Session, challenge: Challenge, grader: Grader, wish: Wish, by: User | None
) -> Batch:
    """Queue the graded submissions of the scope at low priority. `grader` is that of the challenge's kind.

    Raises NotRejudgeable (a person graded them), NothingToRejudge, or ValidationFailed (no such learner or revision,
    or too many submissions).
    """
    if grader.manual:
        raise NotRejudgeable
    target = challenge.revision if wish.target is None else wish.target
    _check_target(session, challenge, target)
    chosen = _chosen(challenge, _with_known_name(session, wish.scope))
    number = _count(session, chosen)
    batch = open_batch(session, Purpose.REJUDGE, (challenge.id, target), by, {"scope": wish.scope.as_dict()})
    _queue(session, batch, chosen)
    batch.details = {**batch.details, "submissions": number}
    _record(session, "requested", batch, {"submissions": number, "revision": target, **wish.scope.as_dict()})
    return batch


def list_rejudges(challenge_ids: Sequence[int] = (), statuses: Sequence[BatchStatus] = ()) -> Select[Batch]:
    """All rejudges, or those of these challenges and statuses. Without an order."""
    query = select(Batch).where(Batch.purpose == Purpose.REJUDGE).options(joinedload(Batch.requester))
    if challenge_ids:
        query = query.where(Batch.challenge_id.in_(challenge_ids))
    if statuses:
        query = query.where(Batch.status.in_(statuses))
    return query


def get_rejudge(session: Session, rejudge_id: int) -> Batch:
    """Raises NotFound."""
    return get_batch(session, rejudge_id, [Purpose.REJUDGE])


def discard_rejudge(session: Session, rejudge_id: int) -> Batch:
    """Drop what was graded and what still waits; workers notice. Raises NotFound, or Conflict when it has ended."""
    get_rejudge(session, rejudge_id)
    query = select(Batch).where(Batch.id == rejudge_id).with_for_update()
    batch = session.scalars(query, execution_options=FRESH).one()
    if batch.status not in (BatchStatus.RUNNING, BatchStatus.READY):
        raise Conflict(f"This rejudge is {batch.status.value} already.")
    running = batch.status is BatchStatus.RUNNING
    end_batch(batch, BatchStatus.CANCELLED if running else BatchStatus.DISCARDED)
    session.flush()
    session.execute(delete(Grading).where(Grading.batch_id == batch.id))
    _record(session, "discarded", batch, {"was": "running" if running else "ready"})
    return batch


def counts(session: Session, batches: Sequence[Batch]) -> dict[int, dict[GradingStatus, int]]:
    """How many gradings of each are in which status."""
    found = {batch.id: dict.fromkeys(GradingStatus, 0) for batch in batches}
    rows = select(Grading.batch_id, Grading.status, func.count()).where(Grading.batch_id.in_(found))
    for batch_id, status, number in session.execute(rows.group_by(Grading.batch_id, Grading.status)):
        found[batch_id][status] = number
    return found


def _check_target(session: Session, challenge: Challenge, target: int) -> None:
    if target > challenge.revision:
        error = f"Revision {target} is not live; take one up to {challenge.revision}."
        raise ValidationFailed({"target": [error]})
    if session.get(Revision, (challenge.id, target)) is None:
        raise ValidationFailed({"target": [f"There is no revision {target}."]})


def _with_known_name(session: Session, scope: Scope) -> Scope:
    """The scope with the name as its learner writes it. Raises ValidationFailed."""
    if scope.username is None:
        return scope
    name = session.scalar(select(User.username).where(func.lower(User.username) == scope.username.lower()))
    if name is None:
        raise ValidationFailed({"username": [f"There is no learner {scope.username}."]})
    return replace(scope, username=name)


def _chosen(challenge: Challenge, scope: Scope) -> list[ColumnElement[bool]]:
    found = [
        Submission.challenge_id == challenge.id,
        # What we failed to grade is for `flask requeue`.
        Submission.status == SubmissionStatus.GRADED,
    ]
    if scope.submission_id is not None:
        found.append(Submission.id == scope.submission_id)
    if scope.username is not None:
        found.append(
            Submission.user_id == select(User.id).where(User.username == scope.username).scalar_subquery()
        )
    if scope.revision is not None:
        found.append(Submission.revision == scope.revision)
    if scope.verdict:
        found.append(Submission.verdict.in_(scope.verdict))
    if scope.since is not None:
        found.append(Submission.queued_at >= scope.since)
    if scope.until is not None:
        found.append(Submission.queued_at < scope.until)
    return found


def _count(session: Session, chosen: Sequence[ColumnElement[bool]]) -> int:
    some = select(Submission.id).where(*chosen).limit(MOST + 1).subquery()
    number = session.scalar(select(func.count()).select_from(some)) or 0
    if not number:
        raise NothingToRejudge
    if number > MOST:
        error = f"More than {MOST} submissions; choose fewer, by verdict, revision, username, since or until."
        raise ValidationFailed({"scope": [error]})
    return number


def _queue(session: Session, batch: Batch, chosen: Sequence[ColumnElement[bool]]) -> None:
    """One grading for each, inside the database."""
    stood = func.jsonb_build_object(
        "revision", Submission.revision, "verdict", Submission.verdict, "score", Submission.score
    )
    moment = func.clock_timestamp()
    rows = select(literal(batch.id), Submission.id, Submission.language, stood, moment)
    rows = rows.where(*chosen).order_by(Submission.id).limit(MOST)
    columns = ["batch_id", "submission_id", "language", "details", "not_before"]
    session.execute(insert(Grading).from_select(columns, rows, include_defaults=False))
    waiting = select(Grading.language, func.count()).where(Grading.batch_id == batch.id)
    for language, number in session.execute(waiting.group_by(Grading.language)):
        lane = Lane(Queue.REJUDGES, language)
        outbox(session).tasks.extend([ticket(lane)] * min(number, FIRST_TICKETS))


def _record(session: Session, what: str, batch: Batch, details: dict[str, Any]) -> None:
    record_act(
        session, Act(f"rejudge.{what}", "rejudge", batch.id, {"challenge_id": batch.challenge_id, **details})
    )
