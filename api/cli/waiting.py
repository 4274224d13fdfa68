"""Watching the checks that must pass before challenges are published, and saying what they found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from time import monotonic, sleep
from typing import Any

import click

from api.cli.check_report import Line, report_lines
from api.extensions import session
from core.grading import Verdict
from core.models.batch import Batch
from core.models.challenge import Challenge
from core.services.batches import progress_of
from core.services.grading_claims import waiting_gradings
from core.services.publication import running_check
from core.words import BatchStatus, ChallengeState
from graders.strength.report import Checked, CheckReport

INTERVAL = 0.2  # seconds between two looks
PATIENCE = 30.0  # seconds in which nothing happens before we stop looking
STUCK = "Nothing happens: a worker and the sweeper must run for it. Once they do, it goes on and publishes what passes."


def checks_of(challenge_ids: Iterable[int]) -> list[Batch]:
    """The running checks that will publish these challenges when they pass."""
    found = (running_check(session(), session().get_one(Challenge, one)) for one in challenge_ids)
    return [check for check in found if check is not None]


def watch_checks(checks: Iterable[Batch]) -> bool:
    """Wait for each check and print what it found; whether all have passed."""
    passed = True
    try:
        for number in [check.id for check in checks]:
            check = _ended(number)
            for line in _told(check):
                click.secho(line.text, bold="bold" in line.style, fg=_colour(line.style))
            passed = passed and check is not None and check.status is BatchStatus.PASSED
    except TimeoutError:
        click.echo(STUCK, err=True)
        return False
    return passed


def _ended(number: int) -> Batch | None:
    """The check once it has ended, None when its challenge was deleted. Raises TimeoutError when nobody works on it."""
    seen, since = None, monotonic()
    while True:
        session().rollback()
        check = session().get(Batch, number, populate_existing=True)
        if check is None or check.status is not BatchStatus.RUNNING:
            return check
        # Others' answers count: they may be first.
        now = progress_of(session(), number), waiting_gradings(session())
        if now != seen:
            seen, since = now, monotonic()
        if monotonic() - since > PATIENCE:
            raise TimeoutError
        sleep(INTERVAL)


def _told(check: Batch | None) -> Iterator[Line]:
    if check is None:
        yield Line("A challenge was deleted before its check had ended.", "yellow")
        return
    slug = check.challenge.slug or check.challenge.title
    if check.status is BatchStatus.PASSED:
        yield Line(f"published challenge {slug}, revision {check.revision}", "green")
        return
    report = check.report or {}
    name = f"{check.status.value:<9} challenge {slug}, revision {check.revision}"
    yield from report_lines(name, _recalled(report)) if "solutions" in report else [Line(name, "bold")]
    live = check.challenge.state is ChallengeState.PUBLISHED
    kept = f"Learners keep revision {check.challenge.revision}." if live else "It stays a draft."
    yield Line(f"  {' '.join(filter(None, (report.get('failure'), kept)))}", "yellow")


def _recalled(report: Mapping[str, Any]) -> CheckReport:
    """Without how strong the tests are: that is not looked at before publishing."""
    solutions = tuple(_checked(fields) for fields in report["solutions"])
    return CheckReport(solutions, tuple(report["warnings"]))


def _checked(fields: Mapping[str, Any]) -> Checked:
    verdicts = {name: Verdict(fields[name]) if fields[name] else None for name in ("expected", "verdict")}
    return Checked(**{**fields, **verdicts})


def _colour(style: str) -> str | None:
    return next((one for one in ("red", "yellow", "green") if one in style), None)
