"""A worker and a sweeper without their processes: their functions, called when the test says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from core.grading import CaseResult, GradeReport, Lane, Queue, Verdict
from core.outbox import Ports
from core.services.batches import GradingClaim, claim_gradings, finish_grading, waiting_gradings
from workers.background import grade_in_background
from workers.runtime import Runtime
from workers.schedule import publish_due
from workers.settling import settle_batches

PYTHON = Lane(Queue.REJUDGES, "python")


class Workshop:
    """Grades and settles what checks asked for."""

    def __init__(self, sessions: sessionmaker[Session], ports: Ports) -> None:
        self.sessions = sessions
        self.runtime = Runtime(sessions, ports)

    def claim(self, limit: int = 100) -> list[GradingClaim]:
        with self.sessions.begin() as session:
            return claim_gradings(session, PYTHON, limit)

    def finish(self, claim: GradingClaim, verdict: Verdict, **figures: Any) -> bool:
        """Write a verdict as a worker does, with these figures of its only test."""
        score = float(verdict is Verdict.ACCEPTED)
        report = GradeReport(verdict, score, (CaseResult("1", verdict, score, **figures),))
        with self.sessions.begin() as session:
            return finish_grading(session, claim, report)

    def pretend(self, verdicts: Mapping[str, Verdict], **figures: Any) -> None:
        """Grade the programs that wait by what their source says, without running them; then settle."""
        for claim in self.claim():
            self.finish(claim, verdicts[claim.answer["source"]], **figures)
        self.settle()

    def grade(self) -> None:
        """Run what waits in the sandbox, until nothing does."""
        while lanes := self._waiting():
            for lane in lanes:
                grade_in_background(self.runtime, lane)

    def settle(self) -> None:
        settle_batches(self.runtime)

    def publish_due(self) -> None:
        publish_due(self.runtime)

    def work(self) -> None:
        """Grade and settle until there is nothing more to do."""
        self.grade()
        self.settle()
        while self._waiting():
            self.grade()
            self.settle()

    def _waiting(self) -> list[Lane]:
        with self.sessions() as session:
            return list(waiting_gradings(session))
