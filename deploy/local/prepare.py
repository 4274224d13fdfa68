"""What the stack needs before it serves: the tables, the sample content, the accounts. All of it may be repeated."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.local.accounts import demo_accounts
from deploy.local.errors import StackError
from deploy.local.places import CHECKOUT


def prepare(env: Mapping[str, str], var: Path, say: Callable[[str], None]) -> None:
    """Migrate, load `content/`, make the accounts, telling each step. Raises StackError with what a command said."""
    say("migrating the database")
    _flask(env, ["db", "upgrade"])
    say("loading the sample content")
    _flask(env, ["content", "load", "content"])
    say("making the accounts")
    for account in demo_accounts(var):
        options = ["--username", account.username, "--email", account.email, "--role", account.username]
        _flask(
            env, ["create-user", *options, "--if-missing", "--password-stdin"], typed=f"{account.password}\n"
        )


def _flask(env: Mapping[str, str], arguments: list[str], typed: str = "") -> None:
    done = subprocess.run(
        ["flask", *arguments],
        env=dict(env),
        cwd=CHECKOUT,
        input=typed,
        capture_output=True,
        text=True,
        process_group=0,
    )
    if done.returncode != 0:
        raise StackError(f"`flask {' '.join(arguments[:2])}` failed:\n{done.stdout}{done.stderr}")
