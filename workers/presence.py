"""Tells the database every few seconds that this worker lives and what it offers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.errors import InfrastructureError
from core.services.workers import Offer, announce_worker, forget_worker
from graders.languages.availability import prepare_headers
from graders.sandbox.pool import close_pool
from workers.runtime import runtime
from workers.subscription import Subscription
from workers.watchdog import Watchdog

log = logging.getLogger(__name__)

INTERVAL = 5.0


class Presence:
    """A thread of the worker's parent process, so that a worker whose children are busy still counts as live."""

    def __init__(self, name: str, subscription: Subscription, watchdog: Watchdog) -> None:
        self._name, self._subscription, self._watchdog = name, subscription, watchdog
        self._changed, self._stopping = Event(), False

    def start(self) -> None:
        Thread(target=self._run, name="presence", daemon=True).start()
        if self._subscription.needs_boxes:
            Thread(target=self._probe, name="probe", daemon=True).start()

    def stop(self) -> None:
        """The worker takes no more work; what it has begun it finishes."""
        self._stopping = True
        self._changed.set()

    def _run(self) -> None:
        while not self._stopping:
            self._tell(lambda session: announce_worker(session, self._name, self._offer()))
            self._watchdog.look(self._subscription.lanes)
            self._changed.wait(INTERVAL)
            self._changed.clear()
        self._tell(lambda session: forget_worker(session, self._name))

    def _offer(self) -> Offer:
        mine = self._subscription
        problem = self._watchdog.problem or mine.problem
        return Offer(mine.names, mine.languages, self._watchdog.processes, problem)

    def _probe(self) -> None:
        """Offer each language as soon as it works; precompile headers once per host; then give the boxes back."""
        self._subscription.probe()
        log.info("offering %s", self._subscription.languages or "no languages")
        self._changed.set()
        try:
            prepare_headers(self._subscription.languages)
        except InfrastructureError as error:
            log.warning("headers are not precompiled, the first programs compile more slowly: %s", error)
        close_pool()

    def _tell(self, what: Callable[[Session], None]) -> None:
        try:
            with runtime().sessions.begin() as session:
                what(session)
        except SQLAlchemyError as error:
            log.warning("the database did not hear of this worker: %s", error)
