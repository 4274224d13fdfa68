"""`Prefer: wait=N` (RFC 7240): hold the answer to a submission or a run until its verdict, or for N seconds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any, TypeVar

from flask import Response, json, request
from sqlalchemy import select

from api.extensions import session
from api.openapi import marked
from api.schemas.base import Schema
from core.models.run import Run
from core.models.submission import Submission
from core.words import FINAL

MOST = 30
# Seconds between two looks at the row: short at first, because most answers are graded within a tenth of a second.
SHORTEST, LONGEST = 0.01, 0.2
WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9})")

# Who waits holds a thread of this process: so many may, others get their 202 at once.
MOST_WAITING = 25
_places = BoundedSemaphore(MOST_WAITING)

View = TypeVar("View", bound=Callable[..., Any])
Graded = type[Submission] | type[Run]


def waits_for_verdict(model: Graded, schema: Schema) -> Callable[[View], View]:
    """Turn the view's 202 into 201 with the verdict where that comes in time; stands outside `idempotent`."""

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Response:
            response = view(*args, **kwargs)
            if response.status_code == 202 and (
                seconds := seconds_to_wait(request.headers.get("Prefer", ""))
            ):
                return _waited(response, seconds, model, schema)
            return response

        return marked(wrapper, **{"x-waits": True})

    return decorator


def seconds_to_wait(prefer: str) -> int:
    """The N of `wait=N` in a Prefer header, at most 30; 0 when there is none."""
    found = WAIT.search(prefer)
    return min(int(found[1]), MOST) if found else 0


def _waited(response: Response, seconds: int, model: Graded, schema: Schema) -> Response:
    if not _places.acquire(blocking=False):
        return response
    try:
        response.headers["Preference-Applied"] = f"wait={seconds}"
        row_id = response.get_json()["id"]
        if _ended(model, row_id, time.monotonic() + seconds):
            row = session().get_one(model, row_id, populate_existing=True)
            response.set_data(json.dumps(schema.dump(row)))
            response.status_code = 201
    finally:
        _places.release()
    return response


def _ended(model: Graded, row_id: int, deadline: float) -> bool:
    pause = SHORTEST
    status = select(model.status).where(model.id == row_id)
    while session().scalar(status) not in FINAL:
        session().rollback()  # no transaction, and no connection, is held while we sleep
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST)
    return True
