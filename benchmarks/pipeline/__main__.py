"""The whole pipeline on this machine, beside raw Celery: `make bench-pipeline`, `ARGS="--quick"` for a short run.

Everything goes through real HTTP and Socket.IO, from one load process that shares the cores with the stack. Raw Celery
and the pipeline are measured in turn, so that a busy machine slows both alike. Exit code 0 when every submission
reached exactly one verdict, also where a goal was missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.grading import machine
from benchmarks.pipeline.driver import LoadProcess, RawCelery
from benchmarks.pipeline.people import author_token, challenges, learners
from benchmarks.pipeline.report import GOAL_RATE, MAX_P95, MIN_RATE, MIN_RATIO, Report, times
from benchmarks.pipeline.stack import Stack, running_stack


@dataclass(frozen=True)
class Plan:
    """How much to do: counts, rates (per second) and seconds."""

    learners: int = 100
    rounds: int = 5
    raw: int = 4000
    knowledge: int = 3000
    python: int = 200
    connections: int = 8
    knowledge_rates: tuple[int, ...] = (10, 25, 50, 100)
    python_rates: tuple[int, ...] = (2, 5, 10)
    seconds: float = 15.0


QUICK = Plan(60, 2, 1500, 800, 40, 8, (50,), (5,), 4.0)


@dataclass
class Bench:
    """A running stack, its load and its report."""

    stack: Stack
    load: LoadProcess
    raw: RawCelery
    plan: Plan
    report: Report

    def saturation(self) -> None:
        """Raw Celery, knowledge, raw Celery, knowledge ...; then Python."""
        raw: list[float] = []
        knowledge: list[float] = []
        for _ in range(self.plan.rounds):
            raw.append(self.raw.rate(self.plan.raw))
            knowledge.append(self._burst("knowledge", self.plan.knowledge))
        python = [self._burst("python", self.plan.python) for _ in range(max(self.plan.rounds // 2, 1))]
        self._compare(statistics.median(raw), statistics.median(knowledge), statistics.median(python))

    def _compare(self, raw: float, knowledge: float, python: float) -> None:
        ratio = knowledge / raw
        say, goal = self.report.line, self.report.goal
        say(f"\nMedians of {self.plan.rounds} rounds")
        say(f"  raw Celery no-op tasks  {raw:8.1f} /s")
        met = goal(
            f"knowledge submissions graded: {knowledge:.0f}/s", knowledge >= MIN_RATE, f">= {MIN_RATE:.0f}/s"
        )
        say(f"  knowledge submissions   {knowledge:8.1f} /s{met}")
        say(
            f"  knowledge / raw         {ratio:8.2f}{goal(f'ratio {ratio:.2f}', ratio >= MIN_RATIO, f'>= {MIN_RATIO}')}"
        )
        say(f"  Python, 5 tests         {python:8.1f} /s")

    def _burst(self, kind: str, count: int) -> float:
        before = self.stack.cpu()
        figures = self.load.order("burst", kind=kind, count=count, connections=self.plan.connections)
        rate = figures["graded"] / figures["seconds"]
        self.report.check(f"burst of {kind}", figures)
        self.report.line(
            f"  {kind:9} {figures['graded']:5} in {figures['seconds']:6.2f} s = {rate:6.1f} /s"
            f"   (accepted in {figures['accepting_seconds']:.2f} s)"
        )
        self.report.cpu(before, self.stack.cpu(), figures["accepted"])
        return rate

    def latencies(self) -> None:
        """From the POST to the verdict at steady rates."""
        self.report.line("\nMilliseconds from POST to the verdict event, at a steady rate")
        for kind, rates in (("knowledge", self.plan.knowledge_rates), ("python", self.plan.python_rates)):
            for rate in rates:
                self._pace(kind, rate)

    def _pace(self, kind: str, rate: int) -> None:
        before = self.stack.cpu()
        figures = self.load.order("pace", kind=kind, rate=rate, seconds=self.plan.seconds)
        self.report.check(f"{kind} at {rate}/s", figures)
        goal, p95 = "", figures["latency"].get("p95", float("inf"))
        if (kind, rate) == ("knowledge", GOAL_RATE):
            goal = self.report.goal(
                f"p95 at {rate}/s: {p95:.0f} ms", p95 < MAX_P95, f"p95 < {MAX_P95:.0f} ms"
            )
        self.report.line(f"  {kind:9} {rate:4} /s   {times(figures['latency'])}{goal}")
        self.report.line(f"    the POST alone   {times(figures['post'])}")
        self.report.cpu(before, self.stack.cpu(), figures["accepted"])


def main(arguments: list[str]) -> int:
    """Run; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipeline", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else Plan()
    report = Report()
    report.line(machine())
    with ExitStack() as exit_stack:
        bench = prepared(exit_stack, plan, report)
        bench.saturation()
        bench.latencies()
    return verdict(report)


def prepared(exit_stack: ExitStack, plan: Plan, report: Report) -> Bench:
    """The stack, its learners connected and its programs warm."""
    stack = exit_stack.enter_context(running_stack())
    work = challenges(stack, author_token(stack))
    load = LoadProcess(stack, learners(stack, plan.learners), work, exit_stack)
    raw = RawCelery(stack, exit_stack)
    for kind, count in (("knowledge", 100), ("python", 10)):
        report.check("warming up", load.order("burst", kind=kind, count=count, connections=4))
    return Bench(stack, load, raw, plan, report)


def verdict(report: Report) -> int:
    """Say what was missed and what broke; the exit code."""
    report.line()
    for text in report.broken:
        report.line(f"BROKEN  {text}")
    for text in report.missed:
        report.line(f"missed  {text}")
    if not report.broken and not report.missed:
        report.line("Every goal was met.")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
