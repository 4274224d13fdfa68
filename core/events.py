"""What happened, in the past tense. `type` is the name clients know; the fields are the event's `data`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Root of the facts that learners are told."""

    type: ClassVar[str]

    def data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SubmissionQueued(DomainEvent):
    """A submission was accepted for grading (or handed back after our failure)."""

    type: ClassVar[str] = "submission.queued"
    submission_id: int
    challenge_id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class SubmissionGrading(DomainEvent):
    """A worker took the submission."""

    type: ClassVar[str] = "submission.grading"
    submission_id: int
    challenge_id: int
    grader: str


@dataclass(frozen=True, slots=True)
class SubmissionCaseGraded(DomainEvent):
    """One test ended. Live only: the stored results replace it."""

    type: ClassVar[str] = "submission.case"
    submission_id: int
    challenge_id: int
    index: int
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SubmissionAwaitingReview(DomainEvent):
    """A person will read the submission and grade it."""

    type: ClassVar[str] = "submission.awaiting_review"
    submission_id: int
    challenge_id: int


@dataclass(frozen=True, slots=True)
class SubmissionGraded(DomainEvent):
    """The verdict stands. `status` is graded, or failed when we could not grade it."""

    type: ClassVar[str] = "submission.graded"
    submission_id: int
    challenge_id: int
    status: str
    verdict: str
    score: float
    points: int
    attempt: int


@dataclass(frozen=True, slots=True)
class SubmissionRejudged(DomainEvent):
    """It was graded again, and its verdict or score is another one now.

    `change` are the points that the challenge pays the learner more (or less) than before the whole rejudge.
    """

    type: ClassVar[str] = "submission.rejudged"
    submission_id: int
    challenge_id: int
    verdict: str
    score: float
    points: int
    attempt: int
    change: int


@dataclass(frozen=True, slots=True)
class SubmissionCancelled(DomainEvent):
    """Its learner took the submission back, or handed in another (`superseded_by`) before it was graded."""

    type: ClassVar[str] = "submission.cancelled"
    submission_id: int
    challenge_id: int
    superseded_by: int | None = None


@dataclass(frozen=True, slots=True)
class RunFinished(DomainEvent):
    """A trial run ended. Live only: its row says more."""

    type: ClassVar[str] = "run.finished"
    run_id: int
    status: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ProgressUpdated(DomainEvent):
    """The learner's progress row of a challenge changed."""

    type: ClassVar[str] = "progress.updated"
    challenge_id: int
    status: str
    attempts: int
    score: float
    points: int


@dataclass(frozen=True, slots=True)
class AchievementUnlocked(DomainEvent):
    """The learner unlocked an achievement."""

    type: ClassVar[str] = "achievement.unlocked"
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class LeaderboardChanged(DomainEvent):
    """The learner's points changed: `points` is their new total, `earned` what was added (a rejudge may take some)."""

    type: ClassVar[str] = "leaderboard.changed"
    points: int
    earned: int


@dataclass(frozen=True, slots=True)
class ChallengePublished(DomainEvent):
    """A challenge can be answered from now on. Live only, to everybody."""

    type: ClassVar[str] = "challenge.published"
    challenge_id: int
    title: str


@dataclass(frozen=True, slots=True)
class ReviewWaiting(DomainEvent):
    """A submission waits for a reviewer. Live only, to authors: the queue of reviews says more."""

    type: ClassVar[str] = "review.waiting"
    submission_id: int
    challenge_id: int


@dataclass(frozen=True, slots=True)
class CheckFinished(DomainEvent):
    """The check of a challenge (`purpose`: publish or verify) ended: passed, refused or failed; told to who asked."""

    type: ClassVar[str] = "check.finished"
    check_id: int
    challenge_id: int
    purpose: str
    status: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event on its way to a client. `id` counts per user; None: live only, never replayed."""

    id: int | None
    type: str
    at: datetime
    data: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, "at": self.at.isoformat(), "data": self.data}


EVERYBODY = "everybody"
AUTHORS = "authors"


def user_room(user_id: int) -> str:
    """The name of the room that only this user's sockets are in."""
    return f"user:{user_id}"
