"""ETags of single resources: 304 for what a client has already, 412 for a change to what it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request

from api.openapi import marked
from core.errors import StaleVersion

View = TypeVar("View", bound=Callable[..., Any])


def etagged(view: View) -> View:
    """Send the ETag of the resource that `view` returns; stands directly above the view, below `blp.response`.

    A resource that also shows something of its reader names that in `reader_state`: it makes the ETag another one,
    but never makes the reader's If-Match stale.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        found = view(*args, **kwargs)
        if isinstance(found, tuple) or found is None:
            return found
        return found, {"ETag": etag_of(found)}

    return marked(wrapper, **{"x-etag": True})


def etag_of(resource: Any) -> str:
    """The ETag header of `resource`."""
    state = getattr(resource, "reader_state", "")
    return f'"{_version(resource)}{"-" if state else ""}{state}"'


def check_if_match(resource: Any) -> None:
    """Raises StaleVersion when the client sent an If-Match and the resource has changed since."""
    sent = request.if_match
    if not sent or sent.star_tag:
        return
    if _version(resource) not in {(tag or "").partition("-")[0] for tag in sent.as_set()}:
        raise StaleVersion


def _version(resource: Any) -> str:
    """The number that versions a row; where there is none, the time of its last change."""
    if hasattr(resource, "version"):
        return str(resource.version)
    return str(round(resource.updated_at.timestamp() * 1_000_000))


def answer_not_modified(response: Response) -> Response:
    """Turn the answer to a GET into 304 when the client named its ETag in If-None-Match."""
    if request.method in ("GET", "HEAD") and response.status_code == 200 and "ETag" in response.headers:
        response.make_conditional(request)
    return response
