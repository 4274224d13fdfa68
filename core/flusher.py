"""Carries this process's figures to the database: a thread that flushes every two seconds and at the end.

A process that is killed loses its last two seconds of figures, and nothing else.
"""

from __future__ import annotations

import atexit
import logging
import os
from threading import Event, Lock, Thread

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from core.services.tallies import flush
from core.tallies import TALLIES, Tallies

INTERVAL = 2.0

log = logging.getLogger(__name__)


class Flusher:
    """While the database does not answer, the figures are kept and the next round tries again."""

    def __init__(
        self, sessions: sessionmaker[Session], tallies: Tallies = TALLIES, interval: float = INTERVAL
    ) -> None:
        self._sessions, self._tallies, self._interval = sessions, tallies, interval
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="flusher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Flush once more and end."""
        self._stopping.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        try:
            flush(self._sessions, self._tallies)
        except SQLAlchemyError as error:
            log.warning("figures wait for the database: %s", error)


_flusher: Flusher | None = None
_lock = Lock()


def start_flusher(sessions: sessionmaker[Session]) -> None:
    """Begin to flush in this process; a second call changes nothing. Call it after a fork, not before."""
    global _flusher
    with _lock:
        if _flusher is None:
            _flusher = Flusher(sessions)
            _flusher.start()


def stop_flusher() -> None:
    """Flush what is left. Celery's pool processes must call it: they end without Python's exit handlers."""
    global _flusher
    with _lock:
        stopping, _flusher = _flusher, None
    if stopping is not None:
        stopping.stop()


def _forget() -> None:
    """In a forked child: the parent's thread does not run here."""
    global _flusher, _lock
    _flusher, _lock = None, Lock()


os.register_at_fork(after_in_child=_forget)
atexit.register(stop_flusher)
