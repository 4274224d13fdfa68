"""`flask content verify PATH`: would these challenges be published, and how strong are their tests?

Needs a sandbox, and neither settings nor a server nor a database: authors check their folders where they write them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from api.cli.check_report import Line, is_too_weak, refused_lines, report_lines
from api.cli.content import content
from api.cli.failures import refusal
from core.content import ChallengeContent, Content
from core.errors import InfrastructureError, ValidationFailed
from core.exchange.formats import read_path
from graders.strength.check import MOST_MUTANTS, Event, Finished, MutantsMade, Options, check
from graders.strength.gate import Challenge, Solution
from graders.strength.report import CheckReport

WHAT_TO_DO = (
    "Each one that is not noticed is your accepted solution with one small mistake, and passes all your tests. Add a "
    "test that it fails, unless it does the same as the original whatever the input. See docs/strength.md."
)


@dataclass(slots=True)
class Tally:
    """What came of all challenges."""

    fit: int = 0
    refused: int = 0
    weak: int = 0
    warnings: int = 0
    mutants: int = 0
    killed: int = 0

    def add(self, report: CheckReport, at_least: float | None) -> None:
        self.fit += report.passed
        self.refused += not report.passed
        self.weak += is_too_weak(report, at_least)
        self.warnings += len(report.warnings)
        if report.strength:
            self.mutants += report.strength.total
            self.killed += report.strength.killed

    def lines(self) -> Iterator[Line]:
        checked = f"{self.fit + self.refused} checked: {self.fit} fit to be published, {self.refused} refused"
        weak = f", {self.weak} with tests that are too weak" if self.weak else ""
        said = f", {self.warnings} {'warning' if self.warnings == 1 else 'warnings'}" if self.warnings else ""
        yield Line(f"{checked}{weak}{said}.", "bold red" if self.refused or self.weak else "bold")
        if self.mutants:
            score = self.killed / self.mutants
            yield Line(f"{self.mutants} mutants, {self.killed} noticed: score {score:.2f}.")
        if self.mutants > self.killed:
            yield Line(WHAT_TO_DO)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where it is told what happens: a bar on a terminal, plain lines elsewhere."""

    console: Console
    progress: Progress | None
    tally: Tally = field(default_factory=Tally)

    def say(self, lines: Iterable[Line]) -> None:
        block = Text("\n").join(Text(line.text, style=line.style) for line in lines)
        self.console.print(block, soft_wrap=True)


@content.command("verify")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--challenge", "slugs", multiple=True, metavar="SLUG", help="Only this one, as category/challenge."
)
@click.option(
    "--mutants",
    default=MOST_MUTANTS,
    show_default=True,
    metavar="N",
    type=click.IntRange(0),
    help="At most so many for each.",
)
@click.option("--no-mutants", is_flag=True, help="Only run the solutions.")
@click.option(
    "--at-least", type=click.FloatRange(0, 1), metavar="SCORE", help="Fail where the tests score less: 0.8"
)
@click.option(
    "--jobs",
    default=os.cpu_count() or 1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Programs at once.",
)
def verify(path: Path, slugs: tuple[str, ...], at_least: float | None, **running: int) -> None:
    """Run all solutions; tell how strong the tests are.

    Every solution must get the verdict that its name promises, with time to spare, and the tests should notice small
    mistakes in the accepted one.

    PATH is a folder with categories.yaml (see content/README.md), or a file of another format (docs/formats.md). No
    server and no database is needed. Exits with 1 when something is refused.
    """
    found = read_path(path)
    chosen = _chosen(found, slugs)
    options = Options(0 if running["no_mutants"] else running["mutants"], running["jobs"])
    with _desk(len(chosen)) as desk:
        if not slugs:
            for problem in found.problems:
                desk.tally.refused += 1
                desk.say(refused_lines(problem.file, ": ".join(filter(None, (problem.key, problem.message)))))
        for challenge in chosen:
            _verify(challenge, options, (desk, at_least))
    desk.say(desk.tally.lines())
    if desk.tally.refused or desk.tally.weak:
        raise click.exceptions.Exit(1)


def _chosen(found: Content, slugs: tuple[str, ...]) -> list[ChallengeContent]:
    """The challenges of those names, or all."""
    known = {challenge.slug: challenge for challenge in found.challenges}
    if missing := [slug for slug in slugs if slug not in known]:
        wrong = [str(problem) for problem in found.problems if problem.file.startswith(tuple(missing))]
        told = wrong or [f"there are {', '.join(known) or 'none'}"]
        raise click.BadParameter(
            f"no challenge {', '.join(missing)}: {'; '.join(told)}", param_hint="--challenge"
        )
    return [known[slug] for slug in slugs] or found.challenges


@contextmanager
def _desk(total: int) -> Iterator[Desk]:
    console = Console(highlight=False)
    if not console.is_terminal:
        yield Desk(console, None)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task("challenges", total=total)
        yield Desk(console, progress)


def _verify(challenge: ChallengeContent, options: Options, wanted: tuple[Desk, float | None]) -> None:
    """Check one challenge and tell what came of it."""
    desk, at_least = wanted
    name = f"{challenge.slug} ({challenge.body['kind']})"
    try:
        report = _report(challenge, options, desk)
    except ValidationFailed as error:
        desk.tally.refused += 1
        desk.say(refused_lines(name, refusal(error)))
    except InfrastructureError as error:
        raise click.ClickException(error.message) from error
    else:
        desk.tally.add(report, at_least)
        desk.say(report_lines(name, report, at_least))


def _report(challenge: ChallengeContent, options: Options, desk: Desk) -> CheckReport:
    subject = Challenge(challenge.body["kind"], challenge.body["spec"])
    events = check(subject, _solutions(challenge), options)
    *_, last = _watched(events, challenge.slug, desk.progress)
    assert isinstance(last, Finished)
    return last.report


def _watched(events: Iterator[Event], name: str, progress: Progress | None) -> Iterator[Event]:
    """The events, each one a step of the challenge's own bar."""
    if progress is None:
        yield from events
        return
    everything = progress.task_ids[0]
    bar = progress.add_task(f"{name}: solutions", total=None)
    for event in events:
        if isinstance(event, MutantsMade):
            progress.reset(bar, total=event.total, description=f"{name}: mutants of {event.name}")
        else:
            progress.advance(bar)
        yield event
    progress.remove_task(bar)
    progress.advance(everything)


def _solutions(challenge: ChallengeContent) -> list[Solution]:
    """Its programs and its examples, all with the verdicts that they must get."""
    programs = [Solution(one.file.rpartition("/")[2], one.verdict, one.answer) for one in challenge.solutions]
    examples = [
        Solution(f"example {number}: {one.verdict}", one.verdict, one.answer)
        for number, one in enumerate(challenge.examples, start=1)
    ]
    return programs + examples
