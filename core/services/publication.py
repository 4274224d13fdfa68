"""Publishing behind a gate: what learners will see waits until the challenge's own solutions got their verdicts.

To ask for publication is a wish. Where nothing must be run first it is fulfilled at once; otherwise the head stays in
waiting, with a batch that grades the solutions, and the sweeper publishes it when they have passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer

from core.errors import Conflict
from core.grading import Grader, Queue, Verdict
from core.models.batch import Batch
from core.models.challenge import Challenge, Revision
from core.models.user import User
from core.services.audit import Act, record_act
from core.services.batches import NewGrading, add_gradings, cancel_batches, open_batch
from core.services.challenges import publish_head
from core.services.claims import FRESH
from core.services.revisions import head_of
from core.words import BatchStatus, ChallengeState, Purpose

CHECKS = (Purpose.PUBLISH, Purpose.VERIFY)


@dataclass(frozen=True, slots=True)
class NewCheck:
    """Why the head is checked, who asked (None: its author did, by a date), and how."""

    purpose: Purpose
    by: User | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def has_passed(session: Session, challenge: Challenge) -> bool:
    """Whether the head has passed a check for publication."""
    return _of_head(session, challenge, BatchStatus.PASSED) is not None


def running_check(session: Session, challenge: Challenge) -> Batch | None:
    """The check that will publish the challenge when it passes, whatever revision it is of: there is a wish."""
    running = (Batch.purpose == Purpose.PUBLISH, Batch.status == BatchStatus.RUNNING)
    return session.scalars(select(Batch).where(Batch.challenge_id == challenge.id, *running)).first()


def latest_check(session: Session, challenge: Challenge) -> Batch | None:
    """The last check for publication that the head has had; its report stays in the database."""
    return session.scalars(_checks_of_head(challenge).options(defer(Batch.report))).first()


def start_check(session: Session, challenge: Challenge, grader: Grader, new: NewCheck) -> Batch:
    """Have the head's solutions graded. A check of the same purpose that still runs is of no interest any more.

    Answers that a person decides on are not graded. Raises Conflict when the challenge was changed at the same moment.
    """
    _lock(session, challenge)
    cancel_batches(session, challenge.id, new.purpose)
    batch = open_batch(session, new.purpose, (challenge.id, challenge.head), new.by, new.details)
    batch.requested_by = new.by.id if new.by else challenge.author_id
    if not grader.manual:
        add_gradings(session, batch, gradings_for(head_of(session, challenge)))
    details = {"check": batch.id, "purpose": new.purpose.value, "revision": batch.revision}
    record_act(session, Act("challenge.checked", "challenge", challenge.id, details))
    return batch


def gradings_for(version: Challenge | Revision) -> Iterable[NewGrading]:
    """One for each solution, with the verdict that it must get."""
    for solution in version.solutions:
        answer = solution["answer"]
        yield NewGrading(
            solution["name"], answer, answer.get("language"), expected=Verdict(solution["verdict"])
        )


def needs_check(grader: Grader, solutions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these solutions must be run in a sandbox before their challenge may go live."""
    return grader.queue is Queue.CODE and not grader.manual and bool(solutions)


def publish_if_unchanged(session: Session, batch: Batch) -> bool:
    """The check has passed: publish, unless its revision is no longer the latest. Withdrawing ends the check itself."""
    query = select(Challenge).where(Challenge.id == batch.challenge_id).with_for_update(key_share=True)
    challenge = session.scalars(query, execution_options=FRESH).one()
    if challenge.head != batch.revision:
        return False
    publish_head(session, challenge)
    return True


def withdraw(session: Session, challenge: Challenge) -> None:
    """The author no longer wants it published. Raises Conflict when the challenge was changed at the same moment."""
    _lock(session, challenge)
    cancel_batches(session, challenge.id, Purpose.PUBLISH)


def cancel_check(session: Session, batch: Batch) -> None:
    """End a running check; what it would have published is not. Raises Conflict when it has ended."""
    if batch.id not in cancel_batches(session, batch.challenge_id, batch.purpose):
        raise Conflict("This check has ended already.")
    record_act(
        session, Act("challenge.check_cancelled", "challenge", batch.challenge_id, {"check": batch.id})
    )


def due_draft(session: Session) -> Challenge | None:
    """A draft whose time to be published has come, locked; None when there is none."""
    due = (Challenge.state == ChallengeState.DRAFT, Challenge.publish_at <= func.clock_timestamp())
    query = select(Challenge).where(*due).order_by(Challenge.publish_at, Challenge.id).limit(1)
    locked = query.with_for_update(key_share=True, skip_locked=True)
    return session.scalars(locked, execution_options=FRESH).one_or_none()


def publish_by_date(session: Session, challenge: Challenge, grader: Grader) -> None:
    """The time that the author set has come: publish, or begin the check that does. It is tried once."""
    challenge.publish_at = None
    session.flush()
    if not challenge.solutions or grader.manual or has_passed(session, challenge):
        publish_head(session, challenge)
    elif running_check(session, challenge) is None:
        start_check(session, challenge, grader, NewCheck(Purpose.PUBLISH))


def _lock(session: Session, challenge: Challenge) -> None:
    """Of two who ask at once, the second waits here, and then finds the first one's check."""
    session.flush()
    version = select(Challenge.version).where(Challenge.id == challenge.id).with_for_update(key_share=True)
    if session.scalar(version) != challenge.version:
        raise Conflict("Somebody changed it at the same moment; read it again and repeat the change.")


def _of_head(session: Session, challenge: Challenge, status: BatchStatus) -> int | None:
    query = _checks_of_head(challenge).where(Batch.status == status).with_only_columns(Batch.id).limit(1)
    return session.scalar(query)


def _checks_of_head(challenge: Challenge) -> Select[Batch]:
    of_head = (Batch.challenge_id == challenge.id, Batch.revision == challenge.head)
    return select(Batch).where(*of_head, Batch.purpose == Purpose.PUBLISH).order_by(Batch.id.desc())
