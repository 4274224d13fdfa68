"""What a check of a challenge found, in lines for its author. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.grading import Verdict
from graders.strength.mutants import Mutant
from graders.strength.report import Checked, CheckReport, Recalled, Strength

INDENT = " " * 11
VERDICT = max(map(len, Verdict))
STYLES = {" ": "dim", "-": "red", "+": "green"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its colour."""

    text: str
    style: str = ""


def report_lines(name: str, report: CheckReport, at_least: float | None = None) -> Iterator[Line]:
    """A challenge's whole block: solutions with their times, warnings, how strong the tests are, surviving mutants."""
    yield Line(name, "bold")
    width = max((len(solution.name) for solution in report.solutions), default=0)
    for solution in report.solutions:
        yield from _solution(solution, width)
    for warning in report.warnings:
        yield Line(f"  {'warning':<8} {warning}", "yellow")
    if report.strength is not None:
        yield from _strength(report.strength, at_least)
    elif report.no_strength:
        yield Line(f"  {'mutants':<8} {report.no_strength}", "dim")


def refused_lines(name: str, reason: str) -> Iterator[Line]:
    """The block of a challenge that could not even be checked."""
    yield Line(name, "bold")
    yield Line(f"  {'REFUSED':<8} {reason}", "bold red")


def is_too_weak(report: CheckReport, at_least: float | None) -> bool:
    """Whether the tests score less than was asked for."""
    score = report.strength.score if report.strength else None
    return at_least is not None and score is not None and score < at_least


def _solution(found: Checked, width: int) -> Iterator[Line]:
    mark, style = {True: ("ok", ""), False: ("REFUSED", "bold red"), None: ("not run", "yellow")}[
        found.passed
    ]
    verdict = found.verdict.value if found.verdict else "-"
    yield Line(f"  {mark:<8} {found.name:<{width}}  {verdict:<{VERDICT}}  {_times(found)}".rstrip(), style)
    if found.reason:
        yield Line(f"{INDENT}{found.reason}", style)


def _times(found: Checked) -> str:
    if found.cpu_ms is None:
        return ""
    clock = "" if found.wall_ms is None else f" ({found.wall_ms} ms on the clock)"
    return f"{found.cpu_ms} of {found.limit_ms} ms CPU{clock}"


def _strength(found: Strength, at_least: float | None) -> Iterator[Line]:
    if found.score is None:
        yield Line(f"  {'mutants':<8} {found.name} offers nothing to mutate.", "dim")
        return
    weak = at_least is not None and found.score < at_least
    mark, style = ("WEAK", "bold red") if weak else ("mutants", "yellow" if found.survivors else "green")
    sample = f" (about {found.possible} are possible)" if found.possible > found.total + found.invalid else ""
    late = f" ({found.timed_out} by the time limit)" if found.timed_out else ""
    wanted = f", and {at_least:g} was asked for" if weak else ""
    yield Line(
        f"  {mark:<8} {found.total} of {found.name}{sample}: the tests notice {found.killed}{late}; "
        f"score {found.score:.2f}{wanted}",
        style,
    )
    if found.invalid:
        yield Line(f"{INDENT}{found.invalid} could not be judged and do not count.", "dim")
    for mutant in found.survivors:
        yield from _survivor(mutant)


def _survivor(mutant: Mutant | Recalled) -> Iterator[Line]:
    yield Line(f"{INDENT}not noticed: {mutant.description}", "yellow")
    for line in mutant.diff.splitlines()[3:]:
        yield Line(f"{INDENT}  {line}", STYLES.get(line[:1], "dim"))
