"""`flask requeue`: grade again what we failed to grade, once its cause is mended."""

from __future__ import annotations

import re
from datetime import timedelta

import click

from api.cli.failures import refusals_are_messages
from api.extensions import commit, session
from core.services.audit import Act, record_act
from core.services.grading import failed_submissions, retry_failed

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
SPAN = re.compile(r"(\d{1,5})([mhd])")


class Span(click.ParamType[timedelta]):
    """A length of time: 30m, 2h or 7d."""

    name = "span"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        found = SPAN.fullmatch(value)
        if found is None:
            self.fail(f"{value!r} is no length of time; write 30m, 2h or 7d.", param, ctx)
        return timedelta(**{UNITS[found[2]]: int(found[1])})


@click.command("requeue")
@click.argument("ids", nargs=-1, type=click.IntRange(min=1))
@click.option("--since", type=Span(), help="All that ended as failed within this time: 30m, 2h, 7d.")
@click.option("--dry-run", is_flag=True, help="Only say which they are.")
@refusals_are_messages
def requeue(ids: tuple[int, ...], since: timedelta | None, dry_run: bool) -> None:
    """Queue submissions that ended as failed once more, at low priority: those with these IDS, or --since.

    Exits with 1 when one of IDS has not failed.
    """
    if bool(ids) == (since is not None):
        raise click.UsageError("Name the submissions' ids, or --since 2h.")
    chosen = ids or tuple(session().scalars(failed_submissions(since or timedelta())))
    if dry_run:
        click.echo(f"Would queue {len(chosen)} again: {' '.join(map(str, chosen)) or 'none'}")
        return
    skipped = [submission_id for submission_id in chosen if not _again(submission_id)]
    click.echo(f"Queued again: {len(chosen) - len(skipped)}.")
    if skipped:
        raise click.ClickException(f"These have not failed: {' '.join(map(str, skipped))}.")


def _again(submission_id: int) -> bool:
    """One transaction each: a long one would hold up the learners whose rows it locks."""
    done = retry_failed(session(), submission_id)
    if done:
        record_act(session(), Act("submission.requeued", "submission", submission_id))
    commit()
    return done
