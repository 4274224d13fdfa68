"""What the domain refuses, as one readable message and exit code 1."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import with_appcontext

from core.errors import CoreError, ValidationFailed


def refusals_are_messages(command: Callable) -> Callable:
    """Run `command` with the application, and say what a CoreError says instead of a traceback."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except CoreError as error:
            raise click.ClickException(refusal(error)) from error

    return with_appcontext(wrapper)


def refusal(error: CoreError) -> str:
    """The message of `error`, with its fields."""
    if not isinstance(error, ValidationFailed):
        return error.message
    fields = [f"{name}: {' '.join(messages)}" for name, messages in error.errors.items()]
    return "; ".join(fields) or error.message
