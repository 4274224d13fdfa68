"""Keeps a claim alive while its sandbox runs, and stops the sandbox when the claim is gone."""

from __future__ import annotations

import logging
from threading import Event, Thread
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import GradingCancelled
from core.services.grading import LEASE, Claim, renew_lease
from graders.sandbox.pool import kill_running

log = logging.getLogger(__name__)

# Four times per lease: three renewals may fail before another worker takes over. Also how soon a cancel is seen.
INTERVAL = LEASE.total_seconds() / 4
AGAIN = 0.05


class LeaseKeeper:
    """Context of one grading: a thread renews the lease every two seconds; `check` raises once the claim is lost."""

    def __init__(self, sessions: sessionmaker[Session], claim: Claim) -> None:
        self._sessions, self._claim = sessions, claim
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
        if kind is not None:
            self.check()

    def check(self) -> None:
        """Raises GradingCancelled when the claim is gone."""
        if self._lost.is_set():
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
                return renew_lease(session, self._claim)
        except SQLAlchemyError as error:
            log.warning("the lease of submission %s was not renewed: %s", self._claim.submission_id, error)
            return True
