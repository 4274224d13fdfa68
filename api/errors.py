"""From exceptions to problems, in one place."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, UnprocessableEntity

from api.bodies import too_large
from api.limits import seconds_to_wait
from api.problems import Problem, flat_errors
from core.errors import Conflict, CoreError, NotAuthenticated, StaleVersion, TooManyRequests, ValidationFailed

log = logging.getLogger(__name__)

CODES = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "validation_failed",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
}
DETAILS = {
    HTTPStatus.NOT_FOUND: "There is nothing here that you may see.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Some fields are invalid; see errors.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something failed on our side; report it with this answer's X-Request-ID.",
}


def register_error_handlers(app: Flask) -> None:
    """Every exception that a view may end with becomes a problem."""
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(CoreError, core_problem)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _contradiction)
    app.register_error_handler(DataError, _out_of_range)
    for failure in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(failure, _unavailable)


def core_problem(error: CoreError) -> Response:
    """The answer to a request that the domain refused."""
    errors = error.errors if isinstance(error, ValidationFailed) else None
    return Problem(int(error.status), error.code, error.message, errors, _core_headers(error)).response()


def http_problem(error: HTTPException) -> Response:
    """The answer to what Flask, Werkzeug, webargs and the limiter raise."""
    if error.code is None or error.code < 400:
        return Response(error.get_body(), error.code, error.get_headers())
    code = CODES.get(HTTPStatus(error.code), HTTPStatus(error.code).phrase.lower().replace(" ", "_"))
    return Problem(error.code, code, _detail(error), _errors(error), _headers(error)).response()


def _core_headers(error: CoreError) -> dict[str, str]:
    if isinstance(error, NotAuthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyRequests) else {}


def _detail(error: HTTPException) -> str:
    if isinstance(error, RateLimitExceeded):
        return f"Too many requests: at most {error.limit.limit}. Wait as long as Retry-After says."
    if isinstance(error, RequestEntityTooLarge):
        return too_large()
    return DETAILS.get(HTTPStatus(error.code or 500), error.description or error.name)


def _errors(error: HTTPException) -> dict[str, list[str]] | None:
    """Webargs keys its messages by the place (json, query, ...) that they were found in."""
    data: dict[str, Any] = getattr(error, "data", None) or {}
    if "messages" in data:
        return {k: v for place in data["messages"].values() for k, v in flat_errors(place).items()}
    return {} if isinstance(error, UnprocessableEntity) else None


def _headers(error: HTTPException) -> dict[str, str]:
    kept = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After", "WWW-Authenticate")}
    return kept | (
        {"Retry-After": str(seconds_to_wait(error))} if isinstance(error, RateLimitExceeded) else {}
    )


def _stale(error: StaleDataError) -> Response:
    if request.if_match:
        return core_problem(StaleVersion())
    return core_problem(
        Conflict("Somebody changed it at the same moment; read it again and repeat the change.")
    )


def _contradiction(error: IntegrityError) -> Response:
    log.warning("the database refused a row", exc_info=error)
    return core_problem(Conflict())


def _out_of_range(error: DataError) -> Response:
    log.warning("the database refused a value", exc_info=error)
    return core_problem(ValidationFailed({}, "A value is out of range."))


def _unavailable(error: Exception) -> Response:
    log.error("the database does not answer: %s", error)
    detail = "The database does not answer; try again shortly."
    return Problem(503, "service_unavailable", detail, headers={"Retry-After": "2"}).response()
