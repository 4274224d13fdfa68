"""What the messages are made of: plain values, read in one transaction and rendered outside of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.grading import Verdict
from core.services.leaderboard import Standing
from core.words import Difficulty, ProgressStatus, SubmissionStatus


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which challenges are listed; None: all."""

    difficulty: Difficulty | None = None
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChallengeLine:
    """One published challenge in a list. `status` is None when the learner has not opened it."""

    id: int
    title: str
    difficulty: Difficulty
    points: int
    status: ProgressStatus | None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class ChallengePage:
    """One page of a list; pages count from 0. `category` is the name of the filter's category."""

    lines: tuple[ChallengeLine, ...]
    page: int
    pages: int
    total: int
    filter: ListFilter
    category: str | None = None


@dataclass(frozen=True, slots=True)
class HintOffer:
    """A hint of a challenge. `cost` is in points, `text` is None until it is bought."""

    challenge_id: int
    title: str
    number: int
    count: int
    cost: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class OpenChallenge:
    """A challenge as its learner may see it: `spec` is redacted. `languages` are those a program may be in.

    `locked` says what must be done first, `hint` is the next one to be had, `available` are the points that a right
    answer is worth now.
    `finished` are the parts that need no answer any more.
    """

    id: int
    version: int
    title: str
    description: str
    category: str | None
    difficulty: Difficulty
    points: int
    kind: str
    spec: dict[str, Any]
    languages: tuple[str, ...]
    attempts_max: int | None
    attempts: int
    status: ProgressStatus
    locked: str | None = None
    hint: HintOffer | None = None
    available: int | None = None
    finished: tuple[str, ...] = ()

    @property
    def attempts_left(self) -> int | None:
        return None if self.attempts_max is None else max(self.attempts_max - self.attempts, 0)


@dataclass(frozen=True, slots=True)
class VerdictNotice:
    """A submission that has ended. `earned` are its points, `worth` all that the challenge offers.

    `rubric` is None unless a person has graded it: then the most points of each criterion, by the results' groups.
    """

    challenge_id: int
    title: str
    status: SubmissionStatus
    verdict: Verdict
    score: float
    earned: int
    worth: int
    attempts_left: int | None
    results: tuple[dict[str, Any], ...]
    compile_output: str | None
    editorial: bool = False
    rubric: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class RejudgeNotice:
    """An answer that was graded again. `change` are the points that the learner won or lost by it."""

    challenge_id: int
    title: str
    verdict: Verdict
    change: int


@dataclass(frozen=True, slots=True)
class ProgressLine:
    challenge_id: int
    title: str
    status: ProgressStatus
    attempts: int
    points: int
    worth: int


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """A learner's progress, the latest change first. `rank` is None without points."""

    lines: tuple[ProgressLine, ...]
    points: int
    rank: int | None
    published: int


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A published track. `next_id` is the challenge to go on with, None when all are solved."""

    title: str
    done: int
    total: int
    next_id: int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first of the leaderboard, and where the learner stands (None without points)."""

    top: tuple[Standing, ...]
    own: Standing | None
