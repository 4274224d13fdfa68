"""The one door to Celery: the app object, and sending tasks by their names.

A grading message is a *ticket*: "there is work in this lane". It names no submission; the worker that gets it takes
the next one from the database (core.services.claims). So a ticket may be lost, repeated or late: one too many finds
nothing, and the sweeper sends what is missing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from celery import Celery
from celery.app.amqp import AMQP
from kombu import Connection
from kombu.exceptions import KombuError, OperationalError

from core.errors import InfrastructureError
from core.grading import Lane, Queue

GRADE = "workers.grade"
TRY = "workers.try_answer"
# 0 is the highest on Redis.
PRIORITY = {Queue.KNOWLEDGE: 0, Queue.CODE: 0, Queue.RUNS: 3, Queue.REJUDGES: 9}
# Where one ticket lets a worker take everything that waits. One waiting ticket is enough then: an idle worker would
# have taken it, so all are busy, and whoever is done first takes it.
BATCHED = frozenset({Queue.KNOWLEDGE})
ENOUGH = 1
# Seconds. Questions take microseconds: one that hangs must not hold up those that were taken along with it.
QUICK_LIMITS = {"soft_time_limit": 20, "time_limit": 30}
RECONNECT = {"interval_start": 0.2, "interval_step": 0.2, "interval_max": 1.0}  # seconds

log = logging.getLogger(__name__)


class QuickConnection(Connection):
    """Looks every second whether a lost broker is back; Celery has no setting for it and would wait up to 30."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        return super().ensure_connection(*args, **{**RECONNECT, **options})


class QuickAMQP(AMQP):
    Connection = QuickConnection


celery_app = Celery("creathon", amqp=QuickAMQP)
celery_app.config_from_object("celeryconfig")


class QueueUnavailable(InfrastructureError):
    """The broker does not answer; the sweeper publishes later."""

    code = "queue_unavailable"


@dataclass(frozen=True, slots=True)
class Task:
    """What to send: the task's name, its argument and the lane of workers that may do it."""

    name: str
    argument: int | str
    lane: Lane


def ticket(lane: Lane) -> Task:
    """There is a submission to grade in `lane`."""
    return Task(GRADE, lane.name, lane)


def trial_task(run_id: int, language: str | None) -> Task:
    """Do a queued trial run."""
    return Task(TRY, run_id, Lane(Queue.RUNS, language))


def tickets_needed(lane: Lane, waiting: int) -> int:
    """How many tickets `waiting` submissions of `lane` need in the broker."""
    return min(waiting, ENOUGH) if lane.queue in BATCHED else waiting


class TaskQueue(Protocol):
    def send(self, task: Task) -> None:
        """Publish. Raises QueueUnavailable."""


class CeleryQueue:
    """Publishes to the broker: fast or not at all, because the sweeper makes up for it."""

    def send(self, task: Task) -> None:
        """Publish, unless it is a ticket of which enough wait already. Raises QueueUnavailable."""
        with _producer() as producer:
            if task.name != GRADE or task.lane.queue not in BATCHED or _length(producer, task.lane) < ENOUGH:
                _send(producer, task)

    def send_many(self, tasks: Sequence[Task]) -> None:
        """Publish in one batch over one connection. Raises QueueUnavailable."""
        with _producer() as producer:
            for task in tasks:
                _send(producer, task)

    def length(self, lane: Lane) -> int:
        """Messages that wait in the broker, those handed to a worker not counted. Raises QueueUnavailable."""
        with _producer() as producer:
            return _length(producer, lane)


class InMemoryQueue:
    """Keeps what was sent, in order. For tests and tools that need no broker."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def send(self, task: Task) -> None:
        self.tasks.append(task)


@contextmanager
def _producer() -> Iterator[Any]:
    try:
        with celery_app.producer_pool.acquire(block=True, timeout=5) as producer:
            yield producer
    except _broker_errors() as error:
        raise QueueUnavailable(f"The broker does not answer: {error}") from error


@lru_cache(maxsize=1)
def _broker_errors() -> tuple[type[Exception], ...]:
    """Also what a Redis answers that is full, or that does not allow us a command."""
    connection = celery_app.connection_for_write()
    return (
        OperationalError,
        KombuError,
        OSError,
        *connection.connection_errors,
        *connection.channel_errors,
    )


def _send(producer: Any, task: Task) -> None:
    celery_app.send_task(
        task.name,
        args=[task.argument],
        queue=task.lane.name,
        priority=PRIORITY[task.lane.queue],
        producer=producer,
        **(QUICK_LIMITS if task.lane.queue in BATCHED else {}),
    )


def _length(producer: Any, lane: Lane) -> int:
    """Raises what the transport raises; its errors are the connection's own."""
    connection = producer.connection.ensure_connection(max_retries=1)
    with connection._reraise_as_library_errors():
        channel = connection.default_channel
        return int(channel.client.llen(channel._q_for_pri(lane.name, PRIORITY[lane.queue])))
