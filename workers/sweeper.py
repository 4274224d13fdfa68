"""`python -m workers.sweeper`: finds work that dead workers hold or whose ticket was lost, once a second.

Any number of sweepers may run; rows are taken with SKIP LOCKED. It needs PostgreSQL only: while Redis is away,
queued rows wait, and are published as soon as it answers.
"""

from __future__ import annotations

import logging
import signal
import time
from collections import Counter
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from core.grading import Lane
from core.logs import configure_logs
from core.outbox import transaction
from core.queue import CeleryQueue, QueueUnavailable, ticket, tickets_needed
from core.services.batches import free_expired_gradings, waiting_gradings
from core.services.claims import waiting_lanes
from core.services.grading import free_one_expired
from core.services.housekeeping import discard_expired
from core.settings import settings_or_exit
from core.tallies import SWEPT, TALLIES
from core.telemetry import start_telemetry
from workers.alarms import give_up
from workers.runtime import Runtime, runtime
from workers.schedule import publish_due
from workers.settling import settle_batches

INTERVAL = 1.0
HOUSEKEEPING = 60.0
AT_ONCE = 500  # tickets per lane and round

log = logging.getLogger(__name__)


def sweep(runtime: Runtime, queue: CeleryQueue) -> None:
    """One round: expired leases first, so that their tickets are sent in the same round."""
    _free_expired(runtime)
    with runtime.sessions.begin() as session:
        TALLIES.count(SWEPT, free_expired_gradings(session), reason="expired")
    publish_due(runtime)
    settle_batches(runtime)
    with runtime.sessions() as session:
        waiting = Counter(waiting_lanes(session)) + Counter(waiting_gradings(session))
    for lane, count in waiting.items():
        _send_missing(queue, lane, tickets_needed(lane, count))


def _free_expired(runtime: Runtime) -> None:
    while True:
        with transaction(runtime.sessions, runtime.ports) as session:
            freed = free_one_expired(session)
        if freed is None:
            return
        TALLIES.count(SWEPT, reason="expired")
        log.warning("freed submission %s, whose worker died", freed.submission_id)
        if freed.failed:
            give_up(freed)


def _send_missing(queue: CeleryQueue, lane: Lane, needed: int) -> None:
    """Tickets that were lost. One that a worker is just answering is sent once more, which does no harm."""
    missing = min(needed - queue.length(lane), AT_ONCE)
    if missing > 0:
        queue.send_many([ticket(lane)] * missing)
        TALLIES.count(SWEPT, missing, reason="stranded")
        log.info("sent %s tickets of %s that were missing", missing, lane.name)


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
    settings = settings_or_exit()
    configure_logs(settings.log_level)
    start_telemetry(settings, "sweeper")
    sweeper = Sweeper(runtime(), CeleryQueue())
    signal.signal(signal.SIGTERM, sweeper.stop)
    signal.signal(signal.SIGINT, sweeper.stop)
    log.info("sweeping every %s s", INTERVAL)
    sweeper.run()


if __name__ == "__main__":
    main()
