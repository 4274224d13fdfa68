"""One submission in its box: built once, then run test by test."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from core.grading import Limits
from graders.languages.base import Language
from graders.languages.build import Diagnostics, Program, allowance, build
from graders.sandbox.box import Box, BoxSpoiled
from graders.sandbox.pool import pool
from graders.sandbox.values import Allowance, Command, Outcome, Stop

BUDGET_SECONDS = (
    100.0  # with the compiler's 30 it stays well below the time that a worker grants a submission
)


class Session:
    """A program ready to run. A test that leaves the box unfit for the next costs the box, not the verdict."""

    def __init__(
        self, boxes: ExitStack, language: Language, limits: Limits, budget: float = BUDGET_SECONDS
    ) -> None:
        self._boxes = boxes
        self._language = language
        self._limits = limits
        self._left = budget
        self._program: Program | None = None
        self._box = self._fresh_box()

    def build(self, source: bytes) -> Diagnostics | None:
        """Compile; the compiler's complaint when it refuses. Raises LanguageUnavailable, InfrastructureError."""
        built = build(self._box, self._language, source)
        if isinstance(built, Diagnostics):
            return built
        self.load(built)
        return None

    def load(self, program: Program) -> None:
        """Take a program that needs no compiling."""
        self._program = program
        self._box.load(program.files)

    @property
    def box(self) -> Box:
        """The present box."""
        return self._box

    @property
    def allowed(self) -> Allowance:
        return allowance(self._language, self._limits, self._box)

    @property
    def program(self) -> Program:
        """What runs."""
        assert self._program is not None
        return self._program

    @property
    def command(self) -> Command:
        """What starts it, within the limits."""
        return self.program.under(self._limits)

    def renew(self) -> None:
        """Go on in a fresh box."""
        self._box = self._fresh_box()
        self._box.load(self.program.files)

    def run(self, stdin: str | bytes) -> Outcome:
        """One test; stopped by BUDGET when the tests together took too long. Raises GradingCancelled,
        InfrastructureError."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        allowed = self.allowed
        capped = replace(allowed, wall_seconds=min(allowed.wall_seconds, self._left))
        if capped.wall_seconds <= 0:
            return Outcome(None, signal.SIGKILL, 0.0, 0.0, 0, Stop.BUDGET, False, b"", b"")
        began = time.monotonic()
        try:
            outcome = self._run(capped, given)
        finally:
            self._left -= time.monotonic() - began
        cut = outcome.stopped is Stop.WALL and capped != allowed
        return replace(outcome, stopped=Stop.BUDGET) if cut else outcome

    def _run(self, allowed: Allowance, given: bytes) -> Outcome:
        try:
            return self._box.run(self.command, allowed, given)
        except BoxSpoiled:
            self.renew()
        return self._box.run(self.command, allowed, given)

    def _fresh_box(self) -> Box:
        self._boxes.close()
        return self._boxes.enter_context(pool().borrow())


@contextmanager
def session(language: Language, limits: Limits) -> Iterator[Session]:
    """A session whose boxes are destroyed at the end, however it comes. Raises SandboxUnavailable."""
    with ExitStack() as boxes:
        yield Session(boxes, language, limits)
