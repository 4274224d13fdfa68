"""Notices a worker that is connected but receives nothing, and ends it so that its supervisor starts it anew.

After a broker's outage a consumer can be left without its subscription: it answers pings, looks alive, and never gets
another message. Seen from outside: tickets wait in its lanes, it has a process to spare, and nothing arrives.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Collection
from threading import Timer

from core.grading import Lane
from core.queue import CeleryQueue, QueueUnavailable

# So long (seconds) tickets may wait before a worker that could take them counts as stuck.
STUCK = 10.0
# So long a stuck worker gets to finish what it has.
GRACE = 60.0
EXIT_CODE = 70  # EX_SOFTWARE

log = logging.getLogger(__name__)


class Watchdog:
    """`processes` is how many submissions the worker grades at once, `busy` tells how many it has now."""

    def __init__(self, queue: CeleryQueue, processes: int, busy: Callable[[], int]) -> None:
        self._queue, self.processes, self._busy = queue, processes, busy
        self._quiet_since = time.monotonic()
        self.problem: str | None = None

    def received(self, *_: object, **__: object) -> None:
        """A ticket arrived."""
        self._quiet_since = time.monotonic()

    def look(self, lanes: Collection[str]) -> None:
        """Once in a while: is there work that does not arrive?"""
        if self._busy() >= self.processes or not self._waiting(lanes):
            self._quiet_since = time.monotonic()
        elif time.monotonic() - self._quiet_since > STUCK and not self.problem:
            self.problem = f"Tickets wait, but none arrived for {STUCK:.0f} s; it restarts."
            log.error("this worker is stuck: %s", self.problem)
            self._end()

    def _waiting(self, lanes: Collection[str]) -> bool:
        try:
            return any(self._queue.length(Lane.parse(name)) for name in list(lanes))
        except QueueUnavailable:
            return False

    def _end(self) -> None:
        """Politely first. A main loop that hangs does not hear it; the leases of what it holds run out."""
        timer = Timer(GRACE, os._exit, [EXIT_CODE])
        timer.daemon = True
        timer.start()
        os.kill(os.getpid(), signal.SIGTERM)
