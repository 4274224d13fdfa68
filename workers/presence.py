"""Tells the database every few seconds that this worker lives and what it offers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.errors import InfrastructureError
from core.grading import Queue
from core.services.workers import announce_worker, forget_worker
from graders.languages.availability import available_languages, prepare_headers
from graders.sandbox.pool import close_pool
from workers.runtime import runtime

log = logging.getLogger(__name__)

INTERVAL = 5.0


class Presence:
    """A thread of the worker's parent process, so that a worker whose children are busy still counts as live."""

    def __init__(self) -> None:
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self, name: str, queues: list[str]) -> None:
        self._thread = Thread(target=self._run, args=(name, queues), name="presence", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self, name: str, queues: list[str]) -> None:
        languages = _languages() if Queue.CODE in queues else {}
        log.info("serving %s with %s", ", ".join(queues), languages or "no languages")
        if languages:
            Thread(target=_prepare, name="prepare", daemon=True).start()
        while True:
            self._tell(lambda session: announce_worker(session, name, queues, languages))
            if self._stopping.wait(INTERVAL):
                self._tell(lambda session: forget_worker(session, name))
                return

    def _tell(self, what: Callable[[Session], None]) -> None:
        try:
            with runtime().sessions.begin() as session:
                what(session)
        except SQLAlchemyError as error:
            log.warning("the database did not hear of this worker: %s", error)


def _languages() -> dict[str, str]:
    """Versions by name of the languages that pass their smoke program here."""
    try:
        found = available_languages()
    except InfrastructureError as error:
        log.error("this host cannot grade code: %s", error)
        return {}
    for name, language in found.items():
        if language.version is None:
            log.info("%s is not offered: %s", name, language.reason)
    return {name: language.version for name, language in found.items() if language.version}


def _prepare() -> None:
    """Precompile headers once per host, then give back the boxes that this process needs no more."""
    try:
        prepare_headers()
    except InfrastructureError as error:
        log.warning("headers are not precompiled, the first programs compile more slowly: %s", error)
    close_pool()
