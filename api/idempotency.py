"""`Idempotency-Key`: a POST that is sent again gets the first answer, and its work is done once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Response, json, request
from sqlalchemy import func, select

from api.auth import current_user
from api.extensions import commit, session
from api.openapi import marked
from core.db import now
from core.errors import IdempotencyKeyReused, RequestInProgress, ValidationFailed
from core.models.event import IdempotencyRecord

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
STORED_HEADERS = ("Location", "ETag", "Content-Type")

View = TypeVar("View", bound=Callable[..., Any])


def idempotent(view: View) -> View:
    """Commit what `view` did together with the record of its answer; stands directly above `blp.response`.

    The view (and what it calls) must flush, not commit: this commits for it, with a key or without one. Errors are
    not stored, so that a mended request may use the same key.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        key = _key()
        if key and (known := _known(key)):
            return _answer(known)
        response = view(*args, **kwargs)
        if key and response.status_code < 400:
            session().add(_record(key, response))
        commit()
        return response

    return marked(wrapper, **{"x-idempotent": True})


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(b"\0".join([method.encode(), path.rstrip("/").encode(), body])).hexdigest()


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise ValidationFailed({HEADER: ["Must be 1 to 255 visible ASCII characters."]})
    return key


def _known(key: str) -> IdempotencyRecord | None:
    """The record of an earlier request with this key. The lock, until the commit, keeps a second one out."""
    lock = func.hashtextextended(f"{current_user().id} {key}", 0)
    if not session().scalar(select(func.pg_try_advisory_xact_lock(lock))):
        raise RequestInProgress
    record = session().get(IdempotencyRecord, (current_user().id, key))
    if record is None:
        return None
    if record.created_at < now() - KEPT:
        session().delete(record)
        session().flush()
        return None
    if record.fingerprint != _fingerprint():
        raise IdempotencyKeyReused
    return record


def _record(key: str, response: Response) -> IdempotencyRecord:
    headers = {name: response.headers[name] for name in STORED_HEADERS if name in response.headers}
    return IdempotencyRecord(
        user_id=current_user().id,
        key=key,
        fingerprint=_fingerprint(),
        status=response.status_code,
        headers=headers,
        body=response.get_json(),
    )


def _answer(record: IdempotencyRecord) -> Response:
    headers = {**record.headers, "Idempotent-Replayed": "true"}
    return Response(json.dumps(record.body), record.status, headers)


def _fingerprint() -> str:
    return fingerprint(request.method, request.path, request.get_data(cache=True))
