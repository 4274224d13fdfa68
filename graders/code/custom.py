"""The `custom` checker: an author's program that judges outputs, in a box of its own, by Kattis' convention.

It is started with three arguments, the input's file, the answer's file and a directory for feedback, and reads the
learner's output from standard input. Exit code 42 accepts, 43 rejects; anything else is our failure, never a pass. In
the directory it may leave `score.txt` or `score_multiplier.txt` (0 to 1, for partial credit) and `teammessage.txt`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from core.errors import InfrastructureError
from core.grading import Limits, Verdict
from graders.code.session import Session, session
from graders.languages import LANGUAGES
from graders.languages.build import Program
from graders.sandbox.values import Outcome

ACCEPTED, WRONG = 42, 43
FEEDBACK = "/box/"
SCORES = ("score_multiplier.txt", "score.txt")
MESSAGE = "teammessage.txt"
MAX_FILE = 16 * 1024
LIMITS = Limits(cpu_seconds=10, wall_seconds=30, memory_mb=512, output_kb=1024)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a checker says of an output: a score of 0..1 and, if it likes, words for the learner."""

    score: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What a checker judges: bytes of the test's input, of the expected and of the given output."""

    input: bytes
    answer: bytes
    output: bytes


class CustomChecker:
    """One author's program, built when it is first asked; closing it destroys its box."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._boxes = ExitStack()
        self._ready: tuple[Session, Program] | None = None

    def close(self) -> None:
        self._boxes.close()

    def rule(self, exhibit: Exhibit) -> Ruling:
        """Judge one output. Raises InfrastructureError unless the program answers by the convention."""
        running, program = self._built()
        files = program.files | {"input": exhibit.input, "answer": exhibit.answer}
        argv = (*program.command.argv, "input", "answer", FEEDBACK)
        running.load(Program(files, replace(program.command, argv=argv)))
        return read_ruling(running.run(exhibit.output), running)

    def _built(self) -> tuple[Session, Program]:
        if self._ready is None:
            self._ready = self._build()
        return self._ready

    def _build(self) -> tuple[Session, Program]:
        running = self._boxes.enter_context(session(LANGUAGES[self._options["language"]], LIMITS))
        if complaint := running.build(self._options["source"].encode()):
            raise InfrastructureError(f"The author's checker does not compile: {complaint.text[:500]}")
        return running, running.program


def verdict_of(ruling: Ruling) -> Verdict:
    """The verdict that a score stands for."""
    if ruling.score in (0.0, 1.0):
        return Verdict.ACCEPTED if ruling.score else Verdict.WRONG_ANSWER
    return Verdict.PARTIALLY_ACCEPTED


def read_ruling(outcome: Outcome, running: Session) -> Ruling:
    """What a checker's end and its files say. Raises InfrastructureError."""
    if outcome.exit_code == WRONG:
        return Ruling(0.0, _text(running, MESSAGE))
    if outcome.exit_code != ACCEPTED or outcome.stopped:
        how = outcome.stopped or f"exit code {outcome.exit_code}, signal {outcome.signal}"
        said = outcome.stderr[-500:].decode(errors="replace")
        raise InfrastructureError(f"The author's program gave no answer ({how}): {said}")
    return Ruling(_score(running), _text(running, MESSAGE))


def _score(running: Session) -> float:
    for name in SCORES:
        if text := _text(running, name):
            try:
                score = float(text)
            except ValueError:
                score = math.nan
            if not 0 <= score <= 1:
                raise InfrastructureError(f"The author's program left no score from 0 to 1 in {name}.")
            return score
    return 1.0


def _text(running: Session, name: str) -> str:
    return (running.box.collect(name, MAX_FILE) or b"").decode(errors="replace").strip()
