"""Two programs in two boxes that talk to each other: what each prints is read here, capped, and passed on."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from graders.code.session import Session
from graders.sandbox.streams import Capture
from graders.sandbox.values import Outcome


class Relay(Capture):
    """A stream that is kept and passed on to `target`, whose other end is somebody's standard input."""

    def __init__(self, limit: int, target: int) -> None:
        super().__init__(limit)
        self.target = target
        self._listening = True

    def receive(self, chunk: bytes) -> None:
        """Keep a chunk and pass it on; once nobody reads any more it is only kept."""
        super().receive(chunk)
        view = memoryview(chunk)
        try:
            while self._listening and view:
                view = view[os.write(self.target, view) :]
        except BrokenPipeError:
            self._listening = False


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two did: how it ended, when (on the monotonic clock), what it said."""

    outcome: Outcome
    ended: float


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Both sides of a finished conversation."""

    program: Side
    interactor: Side

    @property
    def interactor_ended_first(self) -> bool:
        return self.interactor.ended < self.program.ended


def converse(program: Session, interactor: Session) -> Dialogue:
    """Let the two talk until both have ended. Raises BoxSpoiled, GradingCancelled, InfrastructureError.

    Each hears the end of its input only when the other has ended and that time is noted. So the order of the two
    times says who ended of itself, and who only because the other had.
    """
    to_program, to_interactor = os.pipe(), os.pipe()
    with ThreadPoolExecutor(1, thread_name_prefix="program") as threads:
        running = threads.submit(_side, program, to_program[0], to_interactor[1])
        try:
            said = _side(interactor, to_interactor[0], to_program[1])
        finally:
            error = running.exception()
        if error:
            raise error
        return Dialogue(running.result(), said)


def _side(session: Session, stdin: int, target: int) -> Side:
    """Run one of the two; its input is closed by the box, its target here."""
    relay = Relay(session.allowed.output_bytes, target)
    try:
        outcome = session.box.run(session.command, session.allowed, stdin, relay)
        return Side(outcome, time.monotonic())
    finally:
        os.close(target)
