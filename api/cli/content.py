"""`flask content load DIR`: folders of challenges into the database, as often as one likes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click
from flask.cli import with_appcontext

from api.cli.failures import act_from_shell, refusal
from api.extensions import commit, session
from core.content import CategoryContent, ChallengeContent
from core.errors import CoreError, NotFound
from core.exchange.creathon_reader import read_content
from core.services import categories, challenges
from core.words import ChallengeState, Difficulty, Resubmission
from graders.registry import grader_for

content = click.Group("content", help="Challenges as folders of files.")


@content.command("load")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def load(directory: Path) -> None:
    """Load the content of DIRECTORY: each item wholly or not at all. Exits with 1 when one was refused."""
    act_from_shell()
    outcomes: Counter[str] = Counter()
    for outcome, what in _load(directory):
        outcomes[outcome] += 1
        click.echo(f"{outcome:<9} {what}", err=outcome == "refused")
    click.echo(
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "nothing to load"
    )
    if outcomes["refused"]:
        raise click.exceptions.Exit(1)


def _load(directory: Path) -> Iterator[tuple[str, str]]:
    found = read_content(directory)
    yield from (("refused", str(problem)) for problem in found.problems)
    names = {category.slug: category.name for category in found.categories}
    for category in found.categories:
        yield _attempt(f"category {category.slug}", partial(_save_category, category))
    for challenge in found.challenges:
        what = f"challenge {challenge.slug}"
        yield _attempt(what, partial(_save_challenge, challenge, names[challenge.category]))


def _attempt(what: str, save: Callable[[], str]) -> tuple[str, str]:
    try:
        outcome = save()
        commit()
    except CoreError as error:
        session().rollback()
        return "refused", f"{what}: {refusal(error)}"
    return outcome, what


def _save_category(item: CategoryContent) -> str:
    known = categories.find_category(session(), item.name)
    if known is None:
        categories.create_category(session(), item.name, item.description)
        return "created"
    changed = categories.update_category(
        session(), known, {"name": item.name, "description": item.description}
    )
    return "updated" if changed else "unchanged"


def _save_challenge(item: ChallengeContent, category_name: str) -> str:
    category = categories.find_category(session(), category_name)
    if category is None:
        raise NotFound(f"its category {category_name} was refused.")
    grader_for(item.body["kind"]).check_spec(item.body["spec"])
    fields = item.body | {
        "category_id": category.id,
        "slug": item.slug,
        "difficulty": Difficulty(item.body["difficulty"]),
        "state": ChallengeState(item.body["state"]),
        "on_resubmit": Resubmission(item.body["on_resubmit"]),
    }
    known = challenges.find_challenge(session(), item.slug)
    if known is None:
        challenges.create_challenge(session(), None, fields)
        return "created"
    return "updated" if challenges.update_challenge(session(), known, fields) else "unchanged"
