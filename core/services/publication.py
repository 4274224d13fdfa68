"""Publishing behind a gate: what learners will see waits until the challenge's own solutions got their verdicts.

To ask for publication is a wish. Where nothing must be run first it is fulfilled at once; otherwise the head stays in
waiting, with a batch that grades the solutions, and the sweeper publishes it when they have passed.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.grading import Verdict
from core.models.batch import Batch
from core.models.challenge import Challenge, Revision
from core.models.user import User
from core.services.audit import Act, record_act
from core.services.batches import NewGrading, add_gradings, cancel_batches, open_batch
from core.services.challenges import publish_head
from core.services.revisions import head_of
from core.words import BatchStatus, ChallengeState, Purpose


def has_passed(session: Session, challenge: Challenge) -> bool:
    """Whether the head has passed a check for publication."""
    passed = exists().where(
        Batch.challenge_id == challenge.id,
        Batch.revision == challenge.head,
        Batch.purpose == Purpose.PUBLISH,
        Batch.status == BatchStatus.PASSED,
    )
    return bool(session.scalar(select(passed)))


def start_check(session: Session, challenge: Challenge, purpose: Purpose, by: User | None) -> Batch:
    """Have the head's solutions graded. A check of the same purpose that still runs is of no interest any more."""
    cancel_batches(session, challenge.id, purpose)
    batch = open_batch(session, purpose, (challenge.id, challenge.head), by, {})
    add_gradings(session, batch, gradings_for(head_of(session, challenge)))
    record_act(session, Act(f"challenge.{purpose.value}", "challenge", challenge.id, {"check": batch.id}))
    return batch


def gradings_for(version: Challenge | Revision) -> Iterable[NewGrading]:
    """One for each solution, with the verdict that it must get."""
    for solution in version.solutions:
        answer = solution["answer"]
        yield NewGrading(
            solution["name"], answer, answer.get("language"), expected=Verdict(solution["verdict"])
        )


def publish_if_unchanged(session: Session, batch: Batch) -> bool:
    """The check has passed: publish, unless its revision is no longer the latest, or the author withdrew the wish."""
    query = select(Challenge).where(Challenge.id == batch.challenge_id).with_for_update()
    challenge = session.scalars(query, execution_options={"populate_existing": True}).one()
    if challenge.head != batch.revision or challenge.state is ChallengeState.ARCHIVED:
        return False
    publish_head(session, challenge)
    return True


def withdraw(session: Session, challenge: Challenge) -> None:
    """The author no longer wants it published."""
    cancel_batches(session, challenge.id, Purpose.PUBLISH)
