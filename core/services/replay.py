"""What a learner's graded answers to a challenge are worth when they are counted anew, the earliest first. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.services.progress import worth
from core.words import ProgressStatus, Rejudging


class Price(NamedTuple):
    """What a revision pays, see `worth`."""

    points: int
    attempt_penalty: float


class Answer(NamedTuple):
    """A graded submission. `points` is what it is said to have added to the learner's points."""

    id: int
    revision: int
    score: float
    attempt: int
    deducted: int
    points: int
    graded_at: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a learner got with a challenge. `score` is 0..1, the best."""

    status: ProgressStatus
    score: float
    points: int
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rejudge makes of one learner's progress. `added` is by submission: what each is said to add now."""

    user_id: int
    before: Reached
    after: Reached
    added: Mapping[int, int]

    @property
    def change(self) -> int:
        """Points won, or lost when it is negative."""
        return self.after.points - self.before.points

    @property
    def completes(self) -> bool:
        """Whether it completes the challenge, which was not completed."""
        return _is_done(self.after) and not _is_done(self.before)

    @property
    def reopens(self) -> bool:
        """Whether the challenge was completed and no longer is."""
        return _is_done(self.before) and not _is_done(self.after)


def replay(answers: Sequence[Answer], prices: Mapping[int, Price]) -> tuple[Reached, dict[int, int]]:
    """How far these answers get when they are counted in the order in which they were graded, and what each adds.

    As while grading: each adds what it is worth beyond all before it; the first with a score of 1 completes.
    """
    score, points, completed_at = 0.0, 0, None
    added = {}
    for one in sorted(answers, key=lambda answer: (answer.graded_at, answer.id)):
        level = max(points, worth(one, prices[one.revision], one.score))
        added[one.id], points, score = level - points, level, max(score, one.score)
        if one.score >= 1.0 and completed_at is None:
            completed_at = one.graded_at
    status = ProgressStatus.COMPLETED if completed_at else ProgressStatus.SUBMITTED
    return Reached(status, score, points, completed_at), added


def recount(
    before: Reached, answers: Sequence[Answer], prices: Mapping[int, Price], policy: Rejudging
) -> tuple[Reached, dict[int, int]]:
    """Where a learner stands who stood at `before`, by the challenge's policy, and what each answer is said to add.

    Those always add up to the learner's points: where `keep` lets a learner have more than the answers are worth,
    each goes on saying what it added once.
    """
    after, added = replay(answers, prices)
    if policy is Rejudging.ADJUST:
        return after, added
    if before.points > after.points:
        added = {one.id: one.points for one in answers}
    return _best_of(before, after), added


def _best_of(before: Reached, after: Reached) -> Reached:
    done = before if _is_done(before) else after
    return Reached(
        done.status, max(before.score, after.score), max(before.points, after.points), done.completed_at
    )


def _is_done(reached: Reached) -> bool:
    return reached.status is ProgressStatus.COMPLETED
