"""How figures are printed, and which goals they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MIN_RATE, MIN_RATIO, MAX_P95, GOAL_RATE = 200.0, 0.35, 60.0, 50


class Report:
    """Prints as it goes, and remembers what was missed and what went wrong."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        self.broken: list[str] = []

    def line(self, text: str = "") -> None:
        print(text, flush=True)

    def goal(self, name: str, met: bool, aim: str) -> str:
        """The end of a line whose figure has a goal."""
        if not met:
            self.missed.append(f"{name} (goal {aim})")
        return f"   goal {aim}: {'met' if met else 'MISSED'}"

    def check(self, what: str, figures: Mapping[str, Any]) -> None:
        """Note when a phase did not end with exactly one verdict for each submission."""
        if figures["graded"] != figures["accepted"]:
            self.broken.append(f"{what}: {figures['accepted'] - figures['graded']} verdicts never came")
        if figures["repeated"]:
            self.broken.append(f"{what}: {figures['repeated']} verdicts came twice")
        if figures["refused"]:
            self.broken.append(f"{what}: refused, by status: {figures['refused']}")

    def cpu(self, before: Mapping[str, float], after: Mapping[str, float], count: int) -> None:
        """CPU milliseconds per submission, by part."""
        spent = {name: 1000 * (after[name] - before[name]) / max(count, 1) for name in after}
        parts = ", ".join(f"{name} {value:.2f}" for name, value in spent.items() if value >= 0.005)
        self.line(f"    CPU ms each: {parts}; together {sum(spent.values()):.2f}")


def times(latency: Mapping[str, float]) -> str:
    """p50, p95, p99 and the maximum in one line."""
    return "  ".join(f"{name} {latency[name]:7.1f}" for name in latency)
