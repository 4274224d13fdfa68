"""`flask content statistics CHALLENGE`: what the answers of all learners say about a challenge, as tables."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.answer_analysis import PartAnalysis
from api.cli.failures import refusals_are_messages
from api.extensions import session
from api.statistics_report import report_statistics
from api.statistics_shape import StatisticsReport
from core.disclosure import Distribution, Figure, Reason
from core.errors import NotFound
from core.models.challenge import Challenge
from core.services.challenges import find_challenge
from core.services.statistics import Tests

REASONS = {
    Reason.FEWER_THAN_5: "fewer than 5 learners",
    Reason.NO_CATEGORY: "the challenge has no category to compare with",
    Reason.ALL_ALIKE: "all scores are alike",
    Reason.NOT_TIMED: "fewer than 5 learners opened it before they answered and solved it",
    Reason.NO_EXTREMES: "fewer than 5 learners in each group",
    Reason.NO_REST: "too few learners answered 3 other challenges of the category",
}
FEW = "Fewer than 5 learners have answered it; of so few nothing is told."


@click.command("statistics")
@click.argument("challenge")
@click.option("--revision", type=click.IntRange(1), help="Its number; the live one unless given.")
@refusals_are_messages
def statistics(challenge: str, revision: int | None) -> None:
    """Show what learners' answers say about CHALLENGE.

    How difficult it is, how well it discriminates, which wrong answers come. CHALLENGE is an id or a folder's name;
    docs/statistics.md says how to read each figure. Groups of fewer than 5 learners are not described.
    """
    found = _find(challenge)
    report = report_statistics(session(), found, revision)
    console = Console(highlight=False)
    console.print(f"{found.title}, revision {report.revision}", style="bold", markup=False)
    if report.totals.learners is None:
        console.print(FEW)
        return
    for concern in report.concerns:
        console.print(_text(f"• {concern.message}"), style="yellow", soft_wrap=True)
    for table in _tables(report):
        console.print(table)


def _find(name: str) -> Challenge:
    found = session().get(Challenge, int(name)) if name.isdecimal() else find_challenge(session(), name)
    if found is None:
        raise NotFound(f"There is no challenge {name!r}; give its id, or the name of its folder.")
    return found


def _tables(report: StatisticsReport) -> Iterator[Table]:
    yield _figures(report)
    named = {"verdict": report.verdicts, "first score": report.scores, "language": report.languages}
    for name, distribution in named.items():
        if distribution.cells or distribution.others:
            yield _distribution(name, distribution)
    yield from (_part(part) for part in report.answers)
    if report.tests and report.tests.failing:
        yield _tests(report.tests)


def _figures(report: StatisticsReport) -> Table:
    totals = report.totals
    table = _table("figure", "value", "between", "learners")
    table.add_row("answers", *_counted(totals.answers, totals.learners, totals.complete))
    table.add_row("attempts, mean", *_cells(totals.attempts_mean))
    table.add_row("attempts, median", *_cells(totals.attempts_median))
    table.add_row("solved", *_cells(totals.solved))
    table.add_row("facility", *_cells(totals.facility))
    table.add_row("discrimination", *_cells(report.discrimination))
    table.add_row("upper - lower 27 %", *_cells(report.upper_lower))
    table.add_row("seconds to solve", *_cells(totals.solving_seconds, places=0))
    return table


def _counted(answers: int | None, learners: int | None, complete: bool) -> tuple[str, str, str]:
    if answers is None:
        return "-", REASONS[Reason.FEWER_THAN_5], ""
    return str(answers), "" if complete else "of the newest 100,000 only", str(learners)


def _cells(figure: Figure, places: int = 2) -> tuple[str, str, str]:
    if figure.value is None:
        return "-", REASONS[figure.reason] if figure.reason else "", str(figure.learners or "")
    bounds = "" if figure.low is None else f"{figure.low:.{places}f} .. {figure.high:.{places}f}"
    return f"{figure.value:.{places}f}", bounds, str(figure.learners)


def _distribution(name: str, distribution: Distribution) -> Table:
    table = _table(name, "count")
    for cell in distribution.cells:
        table.add_row(_text(cell.value), str(cell.count))
    if others := distribution.others:
        table.add_row(f"({others.values} others)", str(others.count))
    return table


def _part(part: PartAnalysis) -> Table:
    table = _table(f"first answers: {part.part}", "learners", "share", "score", "rest score")
    for one in part.values:
        table.add_row(
            _text(one.value), str(one.learners), f"{one.share:.2f}", _plain(one.score), _plain(one.rest_score)
        )
    if others := part.others:
        table.add_row(f"({others.values} others)", str(others.count), "", "", "")
    return table


def _tests(tests: Tests) -> Table:
    table = _table("test", "fail", "of", "share", "fail it first")
    first = {cell.value: str(cell.count) for cell in tests.first.cells}
    for test in tests.failing:
        name = f"{test.group}/{test.name}"
        table.add_row(_text(name), str(test.failed), str(test.ran), f"{test.share:.2f}", first.get(name, ""))
    return table


def _text(written: str) -> Text:
    """What people wrote, as it is: no markup, and nothing that would steer the terminal."""
    return Text("".join(char if char.isprintable() else "·" for char in written))


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(_text(first))
    for name in others:
        table.add_column(name, justify="left" if name == "between" else "right")
    return table
