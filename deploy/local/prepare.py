"""What the stack needs before it serves: the tables, the sample content, the accounts. All of it may be repeated.

`python -m deploy.local.prepare VAR` types the operator's own `flask` commands, all in one process: starting one for
each would cost most of the time a second start may take.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import click
from flask.cli import FlaskGroup

from deploy.local.accounts import demo_accounts
from deploy.local.errors import StackError
from deploy.local.places import CHECKOUT


def prepare(env: Mapping[str, str], var: Path) -> None:
    """Prepare in a process with the environment `env`, which tells each step. Raises StackError."""
    command = [sys.executable, "-m", "deploy.local.prepare", str(var)]
    # In a group of its own, since Ctrl-C is ours to handle.
    if subprocess.run(
        command, env=dict(env), cwd=CHECKOUT, stdin=subprocess.DEVNULL, process_group=0
    ).returncode:
        raise StackError("The stack could not be prepared; the reason is above.")


def steps(var: Path) -> None:
    """Migrate, load `content/`, make the accounts. Raises StackError with what a command said."""
    tell("migrating the database")
    flask("db", "upgrade")
    tell("loading the sample content")
    # Unchecked: the tests have checked it, and nobody wants to wait for that.
    flask("content", "load", "content", "--unchecked")
    tell("making the accounts")
    for account in demo_accounts(var):
        named = ["--username", account.username, "--email", account.email, "--role", account.username]
        flask("create-user", *named, "--if-missing", "--password-stdin", typed=account.password)


def flask(*arguments: str, typed: str = "") -> None:
    """Run one `flask` command with `typed` as its standard input, silently. Raises StackError when it fails."""
    said = io.StringIO()
    sys.stdin = io.StringIO(f"{typed}\n")
    code: object
    try:
        with redirect_stdout(said), redirect_stderr(said):
            code = _commands().main(list(arguments), prog_name="flask", standalone_mode=False)
    except click.ClickException as error:
        said.write(error.format_message())
        code = error.exit_code
    except SystemExit as error:
        code = error.code
    if code:
        raise StackError(f"`flask {' '.join(arguments[:2])}` failed:\n{said.getvalue()}")


def tell(step: str) -> None:
    """Say what comes next."""
    print(f"creathon: {step}", flush=True)


def _commands() -> FlaskGroup:
    from wsgi import app  # here, because it reads the settings of the stack

    return FlaskGroup(create_app=lambda: app)


def main(arguments: list[str]) -> int:
    """Do all steps; the exit code."""
    try:
        steps(Path(arguments[0]))
    except StackError as error:
        print(f"creathon: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
