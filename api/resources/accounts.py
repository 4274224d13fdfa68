"""Registering, logging in and out, and passwords."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from api.auth import current_session_id, current_user, issue_tokens, learner_required, log_in_of, refresh_ids
from api.blueprint import Blueprint
from api.extensions import commit, session
from api.limits import limited, limited_failures
from api.openapi import may_answer
from api.schemas.users import LoginArgs, LogInSchema, PasswordArgs, RefreshArgs, RegisterArgs
from core.errors import InvalidToken, ValidationFailed
from core.models.user import AuthSession
from core.services import accounts

blp = Blueprint("accounts", __name__, description="Registering, logging in and out, passwords.")


@blp.route("/auth/register", methods=["POST"])
@limited("register")
@blp.arguments(RegisterArgs)
@blp.response(201, LogInSchema)
def register(body: dict[str, Any]) -> ResponseReturnValue:
    """Make an account and log in."""
    user = accounts.register(session(), accounts.NewAccount(**body))
    answer = _logged_in(accounts.open_session(session(), user))
    commit()
    return answer


@blp.route("/auth/login", methods=["POST"])
@may_answer(401)
@limited("login")
@limited_failures("wrong_password")
@blp.arguments(LoginArgs)
@blp.response(200, LogInSchema)
def login(body: dict[str, Any]) -> ResponseReturnValue:
    """Log in with a user name or an e-mail address."""
    user = accounts.authenticate(session(), body["login"], body["password"])
    answer = _logged_in(accounts.open_session(session(), user))
    commit()
    return answer


@blp.route("/auth/refresh", methods=["POST"])
@may_answer(401)
@limited("refresh")
@blp.arguments(RefreshArgs, required=False)
@blp.response(200, LogInSchema)
def refresh(body: dict[str, Any]) -> ResponseReturnValue:
    """Trade a refresh token for new tokens; using one twice ends the log-in."""
    log_in = accounts.rotate_session(session(), *refresh_ids(_token(body)))
    commit()
    if log_in is None:
        raise InvalidToken("This refresh token was used before, revoked or has expired; log in again.")
    return _logged_in(log_in)


@blp.route("/auth/logout", methods=["POST"])
@may_answer(401)
@blp.arguments(RefreshArgs, required=False)
@blp.response(204)
def logout(body: dict[str, Any]) -> None:
    """End the log-in that the token belongs to, its access tokens included."""
    accounts.revoke_session(session(), log_in_of(_token(body)))
    commit()


@blp.route("/auth/password", methods=["POST"])
@limited("password")
@learner_required
@blp.arguments(PasswordArgs)
@blp.response(204)
def change_password(body: dict[str, Any]) -> None:
    """Change your password; your other log-ins end."""
    user = current_user()
    accounts.change_password(session(), user, body["current_password"], body["new_password"])
    accounts.revoke_sessions(session(), user, but=current_session_id())
    commit()


def _logged_in(log_in: AuthSession) -> Any:
    return issue_tokens(log_in) | {"user": log_in.user}


def _token(body: dict[str, Any]) -> str:
    """The token in the body, else the bearer token. Raises ValidationFailed when there is neither."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = body.get("refresh_token") or (bearer.strip() if scheme.lower() == "bearer" else "")
    if not token:
        raise ValidationFailed({"refresh_token": ["Send it in the body or as the bearer token."]})
    return token
