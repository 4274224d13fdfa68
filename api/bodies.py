"""How large a request's body may be."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

MEGABYTE = 2**20
# Everywhere: the largest answer that a grader takes, and what goes with it, fits several times.
MAX_BODY = MEGABYTE
# Where authors write challenges: a spec of 10 MB and what goes with it.
MAX_CHALLENGE_BODY = 12 * MEGABYTE

# Where authors bring whole collections of challenges: an archive of 32 MB, and the form around it.
MAX_IMPORT_BODY = 33 * MEGABYTE

View = TypeVar("View", bound=Callable[..., Any])


def large_body(view: View) -> View:
    """Let `view` take the body of a challenge. Stands below the role, so that only authors may send so much."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = MAX_CHALLENGE_BODY
        return view(*args, **kwargs)

    return wrapper  # type: ignore[return-value]


def import_body(view: View) -> View:
    """As `large_body`, for files of challenges."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = MAX_IMPORT_BODY
        return view(*args, **kwargs)

    return wrapper  # type: ignore[return-value]


def read_body() -> bytes:
    """The body of this request. Raises RequestEntityTooLarge.

    One without a Content-Length is cut at the limit by Werkzeug, so what fills the limit is refused as well.
    """
    raw = request.get_data(cache=True)
    if request.content_length is None and len(raw) >= (request.max_content_length or MAX_BODY):
        raise RequestEntityTooLarge
    return raw


def too_large() -> str:
    """What to say of a body above the limit of this request."""
    return f"The body may have at most {(request.max_content_length or MAX_BODY) // MEGABYTE} MB here."
