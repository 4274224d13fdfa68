"""Further limits where passwords are guessed or accounts are made, beside those on every request (api.rates).

Counted in Redis, in memory while it is down.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded

from api.bodies import read_body
from api.json_body import parse_json
from api.rates import client_address
from core.errors import CoreError
from core.settings import Settings

limiter = Limiter(client_address, in_memory_fallback_enabled=True, key_prefix="creathon:limits")

LOGIN = "accounts.login"
# Per address unless it says otherwise. A class behind one address registers and logs in at once; what stops a guesser
# is the limit on wrong passwords for one account.
LIMITS = {
    "login": "300/minute",
    "wrong_password": "10/minute",
    "register": "120/minute;1000/hour",
    "refresh": "300/minute",
    "password": "20/minute",
}


def init_limits(app: Flask, settings: Settings) -> None:
    """Bind the limiter to `app`. `settings.rate_limits` switches it off."""
    app.config |= {
        "RATELIMIT_ENABLED": settings.rate_limits,
        "RATELIMIT_STORAGE_URI": _storage(settings.redis_url),
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    app.before_request(_read_login)
    limiter.init_app(app)


def limited(name: str) -> Callable:
    """A decorator that answers 429 above the limit `name`, counted per address."""
    return limiter.limit(LIMITS[name])


def limited_failures(name: str) -> Callable:
    """A decorator that answers 429 once an account was guessed at too often from one address; successes are free."""
    return limiter.limit(
        LIMITS[name], key_func=account_and_address, deduct_when=lambda answer: answer.status_code == 401
    )


def _read_login() -> None:
    """Read the body before the limiter does: one that is too large or stops halfway is refused here, and once."""
    if request.endpoint == LOGIN:
        read_body()


def account_and_address() -> str:
    """Who tries to log in, from where; hashed, because a mistyped login may be a password."""
    login = _login()
    return hashlib.sha256(f"{client_address()} {login}".encode(errors="replace")).hexdigest()


def _login() -> str:
    """The login in the body; "" in one that will be refused. Must not raise: the limiter would blame Redis for it."""
    try:
        body = parse_json(request.get_data(cache=True))
    except CoreError:
        return ""
    return str(body.get("login", "")).casefold() if isinstance(body, dict) else ""


def seconds_to_wait(error: RateLimitExceeded) -> int:
    """Until the limit that was hit allows a request again; its whole window when the counter cannot be read."""
    limit = limiter.current_limit
    try:
        return max(1, round(limit.reset_at - time.time())) if limit else 1
    except Exception:
        return error.limit.limit.get_expiry()


def _storage(redis_url: str) -> str:
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
