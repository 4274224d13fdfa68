"""Keeps a claim alive while its sandbox runs, and stops the sandbox when the claim is gone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Thread
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import GradingCancelled
from core.services.claims import LEASE, Claim, renew_leases
from graders.sandbox.pool import kill_running

log = logging.getLogger(__name__)

# Six times per lease: several renewals may fail before another worker takes over. Also how soon a cancel is seen.
INTERVAL = LEASE.total_seconds() / 6
AGAIN = 0.05


class LeaseKeeper:
    """Context of grading: a thread renews the leases every second, and stops the sandbox once all claims are lost."""

    def __init__(self, sessions: sessionmaker[Session], claims: Sequence[Claim]) -> None:
        self._sessions, self._claims = sessions, claims
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
                return bool(renew_leases(session, self._claims))
        except SQLAlchemyError as error:
            ids = [claim.submission_id for claim in self._claims]
            log.warning("the leases of submissions %s were not renewed: %s", ids, error)
            return True
