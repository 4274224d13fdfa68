"""`python -m workers.sweeper`: finds work that dead workers hold or that the queue lost, once a second.

Any number of sweepers may run; rows are taken with SKIP LOCKED. It needs PostgreSQL only: while Redis is away,
queued rows wait, and are published as soon as it answers.
"""

from __future__ import annotations

import logging
import signal
import time
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from core.grading import Queue
from core.logs import configure_logs
from core.outbox import transaction
from core.queue import CeleryQueue, QueueUnavailable
from core.services.grading import count_queued, free_one_expired, take_stranded
from core.services.housekeeping import discard_expired
from core.settings import get_settings
from core.telemetry import start_telemetry
from workers.runtime import Runtime, runtime

INTERVAL = 1.0
HOUSEKEEPING = 60.0

log = logging.getLogger(__name__)


def sweep(runtime: Runtime, queue: CeleryQueue) -> None:
    """One round: expired leases first, so that they are published in the same round."""
    _free_expired(runtime)
    for name in Queue:
        _publish_stranded(runtime, queue, name)


def _free_expired(runtime: Runtime) -> None:
    while True:
        with transaction(runtime.sessions, runtime.ports) as session:
            if not free_one_expired(session):
                return
        log.warning("freed a submission whose worker died")


def _publish_stranded(runtime: Runtime, queue: CeleryQueue, name: Queue) -> None:
    with transaction(runtime.sessions, runtime.ports) as session:
        queued = count_queued(session, name)
        if not queued or queue.length(name) >= queued:
            return
        tasks = take_stranded(session, name)
    if tasks:
        queue.send_many(tasks)
        log.warning("published %s stranded submissions of %s again", len(tasks), name)


class Sweeper:
    """The loop around `sweep`: goes on whatever fails, ends on SIGTERM or SIGINT."""

    def __init__(self, runtime: Runtime, queue: CeleryQueue) -> None:
        self._runtime, self._queue = runtime, queue
        self._stopping = Event()
        self._cleaned = 0.0

    def stop(self, *_: object) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.wait(INTERVAL):
            try:
                sweep(self._runtime, self._queue)
                self._housekeep()
            except (QueueUnavailable, SQLAlchemyError) as error:
                log.warning("this sweep was cut short, the next one goes on: %s", error)

    def _housekeep(self) -> None:
        if self._cleaned and time.monotonic() - self._cleaned < HOUSEKEEPING:
            return
        with self._runtime.sessions.begin() as session:
            discard_expired(session)
        self._cleaned = time.monotonic()


def main() -> None:
    """Run until stopped."""
    configure_logs(get_settings().log_level)
    start_telemetry(get_settings(), "sweeper")
    sweeper = Sweeper(runtime(), CeleryQueue())
    signal.signal(signal.SIGTERM, sweeper.stop)
    signal.signal(signal.SIGINT, sweeper.stop)
    log.info("sweeping every %s s", INTERVAL)
    sweeper.run()


if __name__ == "__main__":
    main()
