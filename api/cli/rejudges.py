"""`flask rejudge`: grade again what was graded, look at what would change, and apply it or not."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import click

from api.cli.failures import refusals_are_messages
from api.cli.submissions import Span
from api.extensions import commit, session
from api.rejudge_view import view_of
from core.db import now
from core.errors import NotFound
from core.grading import Verdict
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge
from core.services.challenges import find_challenge
from core.services.rejudge_changes import Change, Effect, changes_of, list_changes
from core.services.rejudges import Scope, Wish, discard_rejudge, get_rejudge, start_rejudge
from core.services.rejudging import apply_rejudge
from core.words import BatchStatus, GradingStatus
from graders.registry import grader_for

INTERVAL = 0.3  # seconds between two looks at the progress
PATIENCE = 15.0  # seconds without any progress before we ask whether somebody works
SHOWN = 20
HEAD = ("submission", "learner", "before", "after", "points")


@click.command("rejudge")
@click.argument("challenge")
@click.option("--submission", type=click.IntRange(min=1), help="Only the submission with this id.")
@click.option("--username", help="Only those of this learner.")
@click.option("--revision", type=click.IntRange(min=1), help="Only those graded against this revision.")
@click.option(
    "--verdict", type=click.Choice([one.value for one in Verdict]), multiple=True, metavar="VERDICT",
    help="Only those with this verdict; may be repeated.",
)  # fmt: skip
@click.option("--since", type=Span(), help="Only those handed in within this time: 30m, 2h, 7d.")
@click.option("--target", type=click.IntRange(min=1), help="Grade against this revision, not the live one.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@refusals_are_messages
def rejudge(challenge: str, yes: bool, **options: Any) -> None:
    """Grade the submissions of CHALLENGE (an id, or the name of its folder) again, at low priority.

    Shows what would change, and applies it when you agree. Nothing is changed before. Needs a worker for the queue of
    rejudges and the sweeper. Ctrl-C discards it.
    """
    rejudge_id = _start(_found(challenge), options)
    try:
        _watch(rejudge_id)
        if _look(rejudge_id) and (yes or click.confirm("Apply it?")):
            _apply(rejudge_id)
            return
    except (KeyboardInterrupt, click.Abort):
        click.echo()
    _discard(rejudge_id)


def _found(name: str) -> Challenge:
    challenge = session().get(Challenge, int(name)) if name.isdecimal() else find_challenge(session(), name)
    if challenge is None:
        raise NotFound(f"There is no challenge {name}.")
    return challenge


def _start(challenge: Challenge, options: Mapping[str, Any]) -> int:
    since: timedelta | None = options["since"]
    scope = Scope(
        options["submission"],
        options["username"],
        options["revision"],
        [Verdict(word) for word in options["verdict"]],
        now() - since if since else None,
    )
    wish = Wish(scope, options["target"])
    batch = start_rejudge(session(), challenge, grader_for(challenge.kind), wish, None)
    commit()
    number = _counted(batch.details["submissions"], "submission")
    click.echo(f"Rejudge {batch.id}: {number} of {challenge.title!r} against revision {batch.revision}.")
    return batch.id


def _watch(rejudge_id: int) -> None:
    """Until it runs no longer."""
    total = get_rejudge(session(), rejudge_id).details["submissions"]
    with click.progressbar(length=total, label="Grading", show_pos=True) as bar:
        for done in _ended(rejudge_id):
            bar.update(done - bar.pos)
        if _fresh(rejudge_id).status is BatchStatus.READY:
            bar.update(total - bar.pos)


def _ended(rejudge_id: int) -> Iterator[int]:
    """How many are graded or failed, as often as we look."""
    before, since, asked = 0, time.monotonic(), False
    while True:
        batch = _fresh(rejudge_id)
        progress = view_of(batch).progress if batch.status is BatchStatus.RUNNING else {}
        done = sum(progress.get(status, 0) for status in (GradingStatus.GRADED, GradingStatus.FAILED))
        if not progress:
            return
        yield done
        if done > before:
            before, since = done, time.monotonic()
        if time.monotonic() - since > PATIENCE and not asked:
            asked = True
            click.echo("\nNothing happens: do a worker for rejudges and the sweeper run?", err=True)
        time.sleep(INTERVAL)


def _fresh(rejudge_id: int) -> Batch:
    session().rollback()
    return session().get_one(Batch, rejudge_id, populate_existing=True)


def _look(rejudge_id: int) -> bool:
    """Show the preview; False when there is none, because the rejudge has ended otherwise."""
    batch = _fresh(rejudge_id)
    if batch.status is not BatchStatus.READY:
        click.echo(f"Rejudge {batch.id} is {batch.status.value}.", err=True)
        return False
    _show_changes(batch)
    for line in _summary(view_of(batch).report):
        click.echo(line)
    session().rollback()  # nothing is locked or held while somebody thinks
    return True


def _show_changes(batch: Batch) -> None:
    query = list_changes(session(), batch, everything=False).order_by(Grading.id).limit(SHOWN + 1)
    found = changes_of(session(), batch, session().execute(query).all())
    table = [HEAD, *map(_cells, found[:SHOWN])] if found else []
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if len(found) > SHOWN:
        click.echo(f"... GET /api/rejudges/{batch.id}/changes lists them all")


def _cells(change: Change) -> tuple[str, ...]:
    before = _graded(change.verdict_before, change.score_before)
    if change.effect is Effect.FAILED:
        after = f"not graded: {change.failure}"
    elif change.effect is Effect.SKIPPED:
        after = "(changed meanwhile, left alone)"
    else:
        after = _graded(str(change.verdict), change.score or 0.0)
    points = "" if change.points_before is None else f"{change.points_before} -> {change.points_after}"
    return str(change.submission_id), change.username, before, after, points


def _graded(verdict: str, score: float) -> str:
    said = verdict.replace("_", " ")
    return said if score in (0.0, 1.0) else f"{said} ({score:.0%})"


def _summary(report: Mapping[str, Any]) -> Iterator[str]:
    total = sum(report[name] for name in ("changed", "unchanged", "skipped", "failed"))
    verb = "gets" if report["changed"] == 1 else "get"
    yield f"{report['changed']} of {_counted(total, 'submission')} {verb} another verdict or score."
    if report["skipped"]:
        yield f"{report['skipped']} are left alone: another rejudge has changed them."
    if report["failed"]:
        yield f"{report['failed']} are left alone: they could not be graded."
    learners, points = report["learners"], report["points"]
    yield (
        f"Points: {_counted(learners['up'], 'learner')} up by {points['up']} in all, "
        f"{_counted(learners['down'], 'learner')} down by {points['down']} (policy: {report['policy']})."
    )
    if learners["completed"] or learners["reopened"]:
        more = _counted(learners["completed"], "learner")
        yield f"Completed by {more} more, and by {learners['reopened']} no longer."


def _apply(rejudge_id: int) -> None:
    batch = apply_rejudge(session(), rejudge_id)
    commit()
    changed = (batch.report or {}).get("changed", 0)
    click.echo(f"Applied: {_counted(changed, 'submission')} changed.")


def _discard(rejudge_id: int) -> None:
    session().rollback()
    if get_rejudge(session(), rejudge_id).status in (BatchStatus.RUNNING, BatchStatus.READY):
        discard_rejudge(session(), rejudge_id)
        commit()
        click.echo("Discarded; nothing was changed.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
