"""Keeps a claim alive while its sandbox runs, and stops the sandbox when the claim is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from threading import Event, Thread
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import GradingCancelled
from core.services.claims import LEASE
from graders.sandbox.pool import kill_running

log = logging.getLogger(__name__)

# Six times per lease: several renewals may fail before another worker takes over. Also how soon a cancel is seen.
INTERVAL = LEASE.total_seconds() / 6
AGAIN = 0.05


class LeaseKeeper:
    """Context of grading: a thread renews the leases every second, and stops the sandbox once all claims are lost.

    `renew` does that in a session and returns the ids of the claims that still hold.
    """

    def __init__(self, sessions: sessionmaker[Session], renew: Callable[[Session], Collection[int]]) -> None:
        self._sessions, self._renew = sessions, renew
        self._done, self._lost = Event(), Event()
        self._thread = Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> LeaseKeeper:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    @property
    def lost(self) -> bool:
        """Whether no claim is left."""
        return self._lost.is_set()

    def check(self) -> None:
        """Raises GradingCancelled when no claim is left."""
        if self.lost:
            raise GradingCancelled

    def _keep(self) -> None:
        while not self._done.wait(INTERVAL):
            if not self._renewed():
                self._stop_grading()
                return

    def _stop_grading(self) -> None:
        self._lost.set()
        kill_running()
        while not self._done.wait(AGAIN):  # it may just have been between two boxes
            kill_running()

    def _renewed(self) -> bool:
        try:
            with self._sessions.begin() as session:
                return bool(self._renew(session))
        except SQLAlchemyError as error:
            log.warning("the leases were not renewed: %s", error)
            return True
