"""Who is asking: access tokens, checked against the session they were issued for, and the roles views demand."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import flask_jwt_extended as fje
import structlog
from flask import Flask, Response, g, request
from jwt.exceptions import PyJWTError

from api.errors import core_problem
from api.extensions import jwt, session
from api.openapi import marked
from core.errors import InvalidToken, NotAllowed, NotAuthenticated
from core.models.user import AuthSession, User
from core.services import accounts
from core.services.audit import Actor, act_as

View = TypeVar("View", bound=Callable[..., Any])


def current_user() -> User:
    """The user who sent this request. Raises NotAuthenticated when there is none."""
    if user := current_user_or_none():
        return user
    raise NotAuthenticated


def current_user_or_none() -> User | None:
    """The user who sent this request, None for an anonymous one (only behind `login_optional`)."""
    return fje.get_current_user()


def current_session_id() -> uuid.UUID:
    """The log-in that this request's access token belongs to."""
    return uuid.UUID(fje.get_jwt()["sid"])


def learner_required(view: View) -> View:
    """Anybody who is logged in."""
    return _guarded(view, "learner", lambda user: True)


def author_required(view: View) -> View:
    """Authors and admins; others get 403."""
    return _guarded(view, "author", lambda user: user.is_author)


def admin_required(view: View) -> View:
    """Admins; others get 403."""
    return _guarded(view, "admin", lambda user: user.is_admin)


def login_optional(view: View) -> View:
    """Anybody; whoever sends a token must send a good one."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        fje.verify_jwt_in_request(optional=True)
        return view(*args, **kwargs)

    return marked(wrapper, security=[{}, {"bearer": []}])


def issue_tokens(log_in: AuthSession) -> dict[str, Any]:
    """A new pair of tokens for `log_in`, and how long the access token lives, in seconds."""
    identity, claims = str(log_in.user_id), {"sid": str(log_in.id)}
    refresh = {**claims, "rid": str(log_in.refresh_id)}
    return {
        "access_token": fje.create_access_token(identity, additional_claims=claims),
        "refresh_token": fje.create_refresh_token(identity, additional_claims=refresh),
        "token_type": "bearer",
        "expires_in": int(accounts.ACCESS_LIFETIME.total_seconds()),
    }


def user_of_token(token: str) -> User:
    """The user of an access token that came in by another way than the header. Raises InvalidToken."""
    claims = _claims(token, "access")
    if user := _user_of_claims({}, claims):
        return user
    raise InvalidToken


def refresh_ids(token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The log-in and the rotation that a refresh token stands for. Raises InvalidToken."""
    claims = _claims(token, "refresh")
    try:
        return uuid.UUID(claims["sid"]), uuid.UUID(claims["rid"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InvalidToken from None


def log_in_of(token: str) -> uuid.UUID:
    """The log-in that a token of either kind belongs to. Raises InvalidToken."""
    try:
        return uuid.UUID(_claims(token)["sid"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InvalidToken from None


def init_auth(app: Flask) -> None:
    """Bind token handling to `app`, with problems for answers."""
    app.config |= {
        "JWT_ACCESS_TOKEN_EXPIRES": accounts.ACCESS_LIFETIME,
        "JWT_REFRESH_TOKEN_EXPIRES": accounts.SESSION_LIFETIME,
        "JWT_DECODE_LEEWAY": 5,
    }
    jwt.init_app(app)
    jwt.user_lookup_loader(_user_of_claims)
    jwt.unauthorized_loader(lambda reason: core_problem(NotAuthenticated()))
    jwt.invalid_token_loader(lambda reason: _refused())
    for loader in (jwt.expired_token_loader, jwt.revoked_token_loader, jwt.user_lookup_error_loader):
        loader(lambda header, claims: _refused())


def _refused() -> Response:
    return core_problem(InvalidToken())


def _guarded(view: View, role: str, allowed: Callable[[User], bool]) -> View:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        fje.verify_jwt_in_request()
        if not allowed(current_user()):
            raise NotAllowed(f"Only {role}s may do this.")
        return view(*args, **kwargs)

    return marked(wrapper, security=[{"bearer": []}], **{"x-role": role})


def _claims(token: str, kind: str | None = None) -> dict[str, Any]:
    try:
        claims = fje.decode_token(token)
    except (PyJWTError, fje.exceptions.JWTExtendedException, ValueError):
        raise InvalidToken from None
    if kind and claims.get("type") != kind:
        raise InvalidToken(f"This is not {'an' if kind == 'access' else 'a'} {kind} token.")
    return claims


def _user_of_claims(header: dict[str, Any], claims: dict[str, Any]) -> User | None:
    try:
        user_id, log_in = int(claims["sub"]), uuid.UUID(claims["sid"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    structlog.contextvars.bind_contextvars(user_id=user_id)
    if user := accounts.session_user(session(), user_id, log_in):
        act_as(
            session(), Actor(user.username, user.id, g.get("request_id"), (request.remote_addr or "")[:64])
        )
    return user
