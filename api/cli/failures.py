"""What the domain refuses, as one readable message and exit code 1."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import with_appcontext

from api.extensions import session
from core.errors import CoreError, ValidationFailed
from core.services.audit import Actor, act_as


def refusals_are_messages(command: Callable) -> Callable:
    """Run `command` with the application, and say what a CoreError says instead of a traceback."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        act_from_shell()
        try:
            return command(*args, **kwargs)
        except CoreError as error:
            raise click.ClickException(refusal(error)) from error

    return with_appcontext(wrapper)


def act_from_shell() -> None:
    """Name the Unix user in the audit log as who does what this command does."""
    act_as(session(), Actor(f"cli:{_unix_user()}"[:64]))


def _unix_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user need not be in /etc/passwd
        return str(os.getuid())


def refusal(error: CoreError) -> str:
    """The message of `error`, with its fields."""
    if not isinstance(error, ValidationFailed):
        return error.message
    fields = [f"{name}: {' '.join(messages)}" for name, messages in error.errors.items()]
    return "; ".join(fields) or error.message
