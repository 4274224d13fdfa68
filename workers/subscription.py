"""From the queues that the operator named (`-Q knowledge,code`) to the lanes that this host can serve.

A lane of programs is served once its language has passed its smoke program in a box. A host that cannot box programs
serves none, and says so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.errors import InfrastructureError
from core.grading import Lane, Queue
from graders.languages.availability import probe_languages

# Where every piece of work has a language; rejudged questions have none.
PROGRAMS_ONLY = (Queue.CODE, Queue.RUNS)
WITH_PROGRAMS = (*PROGRAMS_ONLY, Queue.REJUDGES)

log = logging.getLogger(__name__)


@dataclass
class Subscription:
    """What one worker serves. `names` are the operator's words; `problem` says why it refuses some of them."""

    names: list[str]
    serve: Callable[[str], None] = field(repr=False, default=lambda lane: None)
    languages: dict[str, str] = field(default_factory=dict)
    lanes: set[str] = field(default_factory=set)
    problem: str | None = None

    def __post_init__(self) -> None:
        self._wanted = [Lane.parse(name) for name in self.names]
        self.lanes.update(lane.name for lane in self._wanted if not _needs_language(lane))

    @property
    def needs_boxes(self) -> bool:
        return any(lane.queue in WITH_PROGRAMS for lane in self._wanted)

    def probe(self) -> None:
        """Try the languages, and serve the lanes of each that works as soon as it does."""
        try:
            for name, found in probe_languages():
                if found.version:
                    self._offer(name, found.version)
                else:
                    log.info("%s is not offered: %s", name, found.reason)
        except InfrastructureError as error:
            self.problem = f"It refuses programs, because this host cannot box them: {error.message}"
            log.error("%s", self.problem)

    def _offer(self, language: str, version: str) -> None:
        mine = [lane for lane in self._wanted if lane.queue in WITH_PROGRAMS]
        lanes = {Lane(lane.queue, language).name for lane in mine if lane.language in (None, language)}
        if lanes:
            self.languages[language] = version
        for lane in sorted(lanes):
            self.lanes.add(lane)
            self.serve(lane)


def select_lanes(queues: Any) -> Subscription:
    """Take those out of Celery's `queues` that must wait for their language. Raises SystemExit for unknown names."""
    names = sorted(queues.consume_from)
    try:
        subscription = Subscription(names)
    except ValueError:
        known = ", ".join(Queue)
        raise SystemExit(
            f"-Q {','.join(names)}: there are the queues {known}, and code.python and the like for one language."
        ) from None
    queues.deselect([name for name in names if name not in subscription.lanes])
    return subscription


def consume(consumer: Any, lane: str) -> None:
    """Let Celery's `consumer` receive the tickets of `lane`, from another thread than its own."""

    def add() -> None:
        queue = consumer.app.amqp.queues[lane]
        consumer.app.amqp.queues.select_add(queue)
        consumer.add_task_queue(lane)

    if threading.current_thread() is threading.main_thread():
        add()
    else:
        consumer.call_soon(add)


def _needs_language(lane: Lane) -> bool:
    return lane.language is not None or lane.queue in PROGRAMS_ONLY
