"""The one door to Celery: the app object, and sending a grading task by its name."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from celery import Celery
from kombu.exceptions import KombuError, OperationalError

from core.errors import InfrastructureError
from core.grading import Queue

GRADE = "workers.grade_submission"
TRY = "workers.try_answer"

log = logging.getLogger(__name__)

celery_app = Celery("creathon")
celery_app.config_from_object("celeryconfig")


class QueueUnavailable(InfrastructureError):
    """The broker does not answer; the sweeper publishes later."""

    code = "queue_unavailable"


@dataclass(frozen=True, slots=True)
class Task:
    """A pointer to a row that waits for a worker: the task's name, the row's id and the queue."""

    name: str
    row_id: int
    queue: Queue


def grading_task(submission_id: int, queue: Queue) -> Task:
    """Grade a queued submission."""
    return Task(GRADE, submission_id, queue)


def trial_task(run_id: int) -> Task:
    """Do a queued trial run."""
    return Task(TRY, run_id, Queue.RUNS)


class TaskQueue(Protocol):
    def send(self, task: Task) -> None:
        """Publish. Raises QueueUnavailable."""


class CeleryQueue:
    """Publishes to the broker: fast or not at all, because the sweeper makes up for it."""

    def send(self, task: Task) -> None:
        try:
            celery_app.send_task(task.name, args=[task.row_id], queue=task.queue.value)
        except (OperationalError, KombuError, OSError) as error:
            raise QueueUnavailable(f"The broker does not answer: {error}") from error

    def send_many(self, tasks: Sequence[Task]) -> None:
        """Publish in one batch over one connection. Raises QueueUnavailable."""
        try:
            with celery_app.producer_pool.acquire(block=True, timeout=5) as producer:
                for task in tasks:
                    celery_app.send_task(
                        task.name, args=[task.row_id], queue=task.queue.value, producer=producer
                    )
        except (OperationalError, KombuError, OSError) as error:
            raise QueueUnavailable(f"The broker does not answer: {error}") from error

    def length(self, queue: Queue) -> int:
        """Messages that wait in the broker, those handed to a worker not counted. Raises QueueUnavailable."""
        try:
            with celery_app.connection_for_read() as connection:
                return int(connection.default_channel.queue_declare(queue.value, passive=False).message_count)
        except (OperationalError, KombuError, OSError) as error:
            raise QueueUnavailable(f"The broker does not answer: {error}") from error


class InMemoryQueue:
    """Keeps what was sent, in order. For tests and tools that need no broker."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def send(self, task: Task) -> None:
        self.tasks.append(task)
