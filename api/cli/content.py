"""`flask content load | export | new`: challenges in and out of the database, as files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext

from api.cli.failures import act_from_shell, refusals_are_messages
from api.cli.statistics import statistics
from api.cli.templates import make_example, template_kinds
from api.cli.waiting import checks_of, watch_checks
from api.content_store import Line, Outcome, Saving, save_content
from api.extensions import commit, session
from core.content import CategoryContent, Content
from core.exchange.formats import ENDINGS, Export, Format, placed_in, published, read_path, write
from core.exchange.slugs import slug_of
from core.services.audit import Act, record_act
from core.services.exports import Wanted, content_of, find_wanted

AUTO = "auto"
FORMATS = click.Choice([AUTO, *(format.value for format in Format)])
content = click.Group("content", help="Challenges as files, and how they do.")
content.add_command(statistics)


@content.command("load")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "name", type=FORMATS, default=AUTO, show_default=True, help="What PATH is in.")
@click.option("--category", help="Put every challenge into the category of this name.")
@click.option("--publish", is_flag=True, help="Publish all of them, whatever the files say.")
@click.option("--wait", is_flag=True, help="Wait for the checks before publishing, and say what they found.")
@click.option("--unchecked", is_flag=True, help="Publish at once, without the check of the solutions.")
@with_appcontext
def load(path: Path, name: str, category: str | None, **how: bool) -> None:
    """Load the challenges in PATH, a folder or a file: each item wholly or not at all.

    A challenge with programs that is to be published goes live when workers have checked its solutions. Exits with 1
    when an item was refused, or, with --wait, a check.
    """
    act_from_shell()
    found = _placed(read_path(path, None if name == AUTO else Format(name)), category)
    lines = _load(published(found) if how["publish"] else found, Saving(checked=not how["unchecked"]))
    outcomes = Counter(line.outcome.value for line in lines)
    record_act(session(), Act("content.imported", "content", None, {"format": name, **outcomes}))
    commit()
    click.echo(
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "nothing to load"
    )
    loaded = [line.challenge_id for line in lines if line.challenge_id]
    passed = watch_checks(checks_of(loaded)) if how["wait"] else True
    if outcomes[Outcome.REFUSED] or not passed:
        raise click.exceptions.Exit(1)


@content.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "name", type=FORMATS, default=AUTO, help="By default what the name of PATH says.")
@click.option(
    "--challenge", "challenges", multiple=True, metavar="SLUG|ID", help="This one; may be repeated."
)
@click.option("--category", "categories", multiple=True, metavar="NAME", help="Those in it; may be repeated.")
@refusals_are_messages
def export(path: Path, name: str, challenges: Sequence[str], categories: Sequence[str]) -> None:
    """Write challenges, all or those named, to PATH.

    PATH is a new folder, a .zip of it, or a .gift, .csv or .jsonl file. Exits with 1 when the format could not express
    one.
    """
    format = _format_of(path) if name == AUTO else Format(name)
    _check_free(path)
    found = find_wanted(session(), Wanted(challenges, categories))
    stored = content_of(session(), found)
    written = write(format, stored.categories, stored.challenges)
    problems = [*stored.problems, *written.problems]
    for problem in problems:
        click.echo(f"refused   {problem}", err=True)
    if written.files:
        _write(path, written)
    record_act(
        session(), Act("content.exported", "content", None, {"format": format.value, "count": len(found)})
    )
    commit()
    click.echo(f"{len(found) - len(problems)} exported, {len(problems)} refused")
    if problems:
        raise click.exceptions.Exit(1)


@content.command("new")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.argument("slug", metavar="CATEGORY/NAME")
@click.option("--kind", type=click.Choice(template_kinds()), required=True, help="Who grades it.")
def new(directory: Path, slug: str, kind: str) -> None:
    """Begin a challenge with a working example of its kind.

    It is written into the content folder DIRECTORY, which is made where it is missing.
    """
    try:
        files = make_example(directory, slug, kind)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for file in files:
        click.echo(f"wrote     {file}")
    click.echo(f"Change it to your liking, then check it: flask content verify {directory}")


def _load(found: Content, saving: Saving) -> list[Line]:
    lines = []
    for line in save_content(found, saving):
        commit()
        lines.append(line)
        click.echo(f"{line.outcome.value:<9} {line}", err=line.outcome is Outcome.REFUSED)
    return lines


def _placed(found: Content, category: str | None) -> Content:
    return placed_in(found, CategoryContent(slug_of(category), category, None)) if category else found


def _format_of(path: Path) -> Format:
    return ENDINGS.get(path.suffix.lower(), Format.CREATHON)


def _check_free(path: Path) -> None:
    if path.is_dir() and not any(path.iterdir()):
        return
    if path.exists():
        raise click.ClickException(f"{path} is there already; name a new one, so that nothing is mixed up.")


def _write(path: Path, written: Export) -> None:
    if not written.format.is_folder or path.suffix.lower() == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written.data)
        return
    for name, data in written.files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
