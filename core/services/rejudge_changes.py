"""The list of what a rejudge changes, submission by submission: for its preview, and what it did afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, load_only

from core.grading import Verdict
from core.models.batch import Batch, Grading
from core.models.submission import Submission
from core.models.user import User
from core.services.recounting import applicable, has_changed, outcomes, prices_of
from core.words import BatchStatus, GradingStatus


class Effect(StrEnum):
    """What a rejudge means for a submission. Skipped: another one changed it meanwhile. Failed: it was not graded."""

    WAITING = "waiting"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Change:
    """A submission as it stood when the rejudge was asked for and as it is graded now. Scores are 0..1.

    `points_*` are the learner's points for the challenge, all submissions together; None where they are not touched.
    """

    submission_id: int
    username: str
    attempt: int
    effect: Effect
    revision_before: int
    verdict_before: str
    score_before: float
    verdict: Verdict | None
    score: float | None
    points_before: int | None
    points_after: int | None
    failure: str | None


def list_changes(session: Session, batch: Batch, everything: bool) -> Select[Grading, int, int, str, bool]:
    """Gradings with their submission's row and username, without an order; `changes_of` makes changes of them.

    Without `everything` only where the verdict or score changes, or the revision pays otherwise, and what failed.
    """
    query = (
        select(Grading, Submission.user_id, Submission.attempt, User.username, applicable().label("stands"))
        .join(Submission, Submission.id == Grading.submission_id)
        .join(User, User.id == Submission.user_id)
        .where(Grading.batch_id == batch.id)
        .options(load_only(*_NEEDED))
    )
    return query if everything else query.where(_of_interest(session, batch))


def changes_of(session: Session, batch: Batch, rows: Sequence[Any]) -> list[Change]:
    """The changes that these rows of `list_changes` stand for."""
    reached = _reached(session, batch, rows)
    return [_change(batch, row, reached) for row in rows]


_NEEDED = (
    Grading.id, Grading.submission_id, Grading.status, Grading.details, Grading.verdict, Grading.score,
    Grading.failure,
)  # fmt: skip


def _of_interest(session: Session, batch: Batch) -> ColumnElement[bool]:
    prices = prices_of(session, batch.challenge_id)
    alike = [number for number, price in prices.items() if price == prices[batch.revision]]
    return or_(
        Grading.status == GradingStatus.FAILED,
        (Grading.status == GradingStatus.GRADED)
        & (has_changed() | Grading.details["revision"].as_integer().not_in(alike)),
    )


def _reached(session: Session, batch: Batch, rows: Sequence[Any]) -> dict[int, tuple[int, int]]:
    """Points before and after by learner: as they were written down, or as they would be now."""
    if batch.status is BatchStatus.APPLIED:
        known = {row.user_id: row.Grading.details.get("points") for row in rows}
        return {user_id: (points[0], points[1]) for user_id, points in known.items() if points}
    learners = {row.user_id for row in rows if row.stands}
    return {one.user_id: (one.before.points, one.after.points) for one in outcomes(session, batch, learners)}


def _change(batch: Batch, row: Any, reached: dict[int, tuple[int, int]]) -> Change:
    grading: Grading = row.Grading
    seen = grading.details
    effect = _effect(batch, grading, row.stands)
    touched = effect in (Effect.CHANGED, Effect.UNCHANGED)
    before, after = reached.get(row.user_id, (None, None)) if touched else (None, None)
    return Change(
        submission_id=grading.submission_id or 0,
        username=row.username,
        attempt=row.attempt,
        effect=effect,
        revision_before=seen["revision"],
        verdict_before=seen["verdict"],
        score_before=seen["score"],
        verdict=grading.verdict,
        score=grading.score,
        points_before=before,
        points_after=after,
        failure=grading.failure,
    )


def _effect(batch: Batch, grading: Grading, stands: bool) -> Effect:
    if grading.status is GradingStatus.FAILED:
        return Effect.FAILED
    if grading.status is not GradingStatus.GRADED:
        return Effect.WAITING
    if not (grading.details.get("applied", False) if batch.status is BatchStatus.APPLIED else stands):
        return Effect.SKIPPED
    now, seen = (grading.verdict, grading.score), grading.details
    return Effect.UNCHANGED if now == (seen["verdict"], seen["score"]) else Effect.CHANGED
