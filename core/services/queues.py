"""How much waits, for how long, who works on it, and how many ought to."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session

from core.grading import Queue
from core.models.batch import Grading
from core.models.event import Worker
from core.models.run import Run
from core.models.submission import Submission
from core.services.tallies import Figure, read_tallies
from core.services.workers import live_workers
from core.tallies import GRADING
from core.words import GradingStatus, SubmissionStatus

# A backlog is to be gone within so many seconds.
TARGET_SECONDS = 10.0
# What grading takes (seconds) until something was graded, and the processes of a worker while none lives.
GUESSED_SECONDS = 1.0
GUESSED_PROCESSES = 2
# Workers serve these only in languages that run on their host.
PROGRAMS = (Queue.CODE, Queue.RUNS)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`wait_seconds` is None while nobody serves the queue. `workers_wanted` is advice for scaling."""

    wait_seconds: float | None
    workers_wanted: int


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """One queue (`code`) or lane of it (`code.python`) at this moment. Times are seconds."""

    name: str
    depth: int  # waiting
    grading: int  # being graded
    oldest_seconds: float  # wait of the oldest, 0 when none waits
    workers: int
    processes: int  # submissions that these workers can grade at once
    mean_seconds: float  # what grading one takes

    @property
    def forecast(self) -> Forecast:
        return forecast(self)


def forecast(now: QueueFigures) -> Forecast:
    """How long a submission that is handed in now will wait, and how many workers there should be.

        wait = depth * mean_seconds / processes
        processes wanted = grading + depth * mean_seconds / TARGET_SECONDS
        workers wanted = processes wanted / processes per worker, rounded up

    What is being graded stands for what arrives: on average as many are being graded as arrive while one is
    (Little's law). Upon that come the processes that clear the backlog in time. A process that serves other queues
    too counts in each of them, as if the others were empty.
    """
    work = now.depth * now.mean_seconds
    wanted = now.grading + work / TARGET_SECONDS
    each = now.processes / now.workers if now.workers else GUESSED_PROCESSES
    return Forecast(work / now.processes if now.processes else None, math.ceil(wanted / each))


class Waiting(NamedTuple):
    """How many wait in a lane, and the seconds since the oldest was queued."""

    lane: str
    number: int
    seconds: float


class Busy(NamedTuple):
    """How many are being graded in a lane."""

    lane: str
    number: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the database knew at one moment; `figures` are drawn from it without asking again."""

    waiting: Sequence[Waiting]
    grading: Sequence[Busy]
    workers: Sequence[Worker]
    graded: Sequence[Figure]

    def figures(self, name: str) -> QueueFigures:
        """Of a queue, all its lanes together, or of one lane."""
        serving = [worker for worker in self.workers if serves(worker, name)]
        waiting = [row for row in self.waiting if _within(row.lane, name)]
        return QueueFigures(
            name,
            depth=sum(row.number for row in waiting),
            grading=sum(row.number for row in self.grading if _within(row.lane, name)),
            oldest_seconds=max((row.seconds for row in waiting), default=0.0),
            workers=len(serving),
            processes=sum(worker.processes for worker in serving),
            mean_seconds=_mean(figure for figure in self.graded if _resembles(figure, name)),
        )


def queue_figures(session: Session) -> Snapshot:
    """The present, from indexes that hold unfinished work only."""
    lane, run_lane = Submission.lane, _run_lane()
    waited = func.extract("epoch", func.clock_timestamp() - func.min(Submission.queued_at))
    run_waited = func.extract("epoch", func.clock_timestamp() - func.min(Run.queued_at))
    queued, grading = SubmissionStatus.QUEUED, SubmissionStatus.GRADING
    waiting = select(lane, func.count(), waited).where(Submission.status == queued).group_by(lane)
    runs = select(run_lane, func.count(), run_waited).where(Run.status == queued).group_by(run_lane)
    busy = select(lane, func.count()).where(Submission.status == grading).group_by(lane)
    runs_busy = select(run_lane, func.count()).where(Run.status == grading).group_by(run_lane)
    batched, batched_busy = _batched()
    return Snapshot(
        [Waiting(*row) for query in (waiting, runs, batched) for row in session.execute(query)],
        [Busy(*row) for query in (busy, runs_busy, batched_busy) for row in session.execute(query)],
        live_workers(session),
        read_tallies(session, GRADING),
    )


@dataclass(slots=True)
class RecentFigures:
    """`queue_figures`, asked at most once a second: for what happens with every request."""

    max_age: float = 1.0
    _taken_at: float = -math.inf
    _snapshot: Snapshot | None = None
    _lock: Lock = field(default_factory=Lock)

    def get(self, session: Session) -> Snapshot:
        """A snapshot that is at most `max_age` seconds old."""
        with self._lock:
            if self._snapshot is None or time.monotonic() - self._taken_at > self.max_age:
                self._snapshot, self._taken_at = queue_figures(session), time.monotonic()
                for worker in self._snapshot.workers:
                    session.expunge(worker)  # it outlives the session, which a rollback would let it ask
            return self._snapshot


def serves(worker: Worker, name: str) -> bool:
    """Whether the worker takes work of that queue or lane."""
    queue, _, language = name.partition(".")
    if language:
        return language in worker.languages and not {queue, name}.isdisjoint(worker.queues)
    able = queue not in PROGRAMS or bool(worker.languages)
    return able and any(_within(served, queue) for served in worker.queues)


def _within(lane: str, name: str) -> bool:
    return lane == name or lane.startswith(f"{name}.")


def _resembles(figure: Figure, name: str) -> bool:
    """Whether what was graded tells something about the queue or lane: same language, or program as program."""
    queue, _, language = name.partition(".")
    if language:
        return figure.labels.get("language") == language
    if queue == Queue.KNOWLEDGE:
        return not figure.labels.get("language")
    return bool(figure.labels.get("language")) or queue not in PROGRAMS


def _mean(figures: Iterable[Figure]) -> float:
    known = list(figures)
    count = sum(figure.count for figure in known)
    return sum(figure.sum for figure in known) / count if count else GUESSED_SECONDS


def _batched() -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """What waits and what is being graded in the background: answers of checks and of rejudges."""
    lane, waited = Grading.lane, func.extract("epoch", func.clock_timestamp() - func.min(Grading.not_before))
    waiting = select(lane, func.count(), func.greatest(waited, 0)).where(
        Grading.status == GradingStatus.QUEUED
    )
    busy = select(lane, func.count()).where(Grading.status == GradingStatus.GRADING)
    return waiting.group_by(lane), busy.group_by(lane)


def _run_lane() -> ColumnElement[str]:
    return func.concat(Queue.RUNS.value, func.coalesce(literal(".") + Run.answer["language"].astext, ""))
