"""How often one may ask: per user who is logged in, else per address. One round trip to Redis for each request."""

from __future__ import annotations

import ipaddress

import jwt
from flask import Flask, Response, current_app, g, request
from jwt.exceptions import PyJWTError

from core.rates import Buckets, Turn, open_buckets
from core.settings import Rates, Settings

READS = frozenset({"GET", "HEAD"})
# Changes that have a rate of their own, by endpoint.
OWN_RATE = {"submissions.ChallengeSubmissions": "submissions", "runs.ChallengeRuns": "runs"}


def init_rates(app: Flask, settings: Settings) -> None:
    """Count the requests under /api, unless the settings say not to."""
    if settings.rate_limits:
        app.extensions["creathon_rates"] = open_buckets(settings.redis_url), settings.rates
        app.before_request(_take_turn)
        app.after_request(_tell)


def client_address() -> str:
    """The client's address; of IPv6 the network, because whoever has one address there has 2^64."""
    address = request.remote_addr or "nowhere"
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def _take_turn() -> None:
    """Raises TooManyRequests. Comes before the token is looked up in the database, so that a flood costs no query."""
    if not request.path.startswith("/api/") or request.method == "OPTIONS":
        return
    buckets, rates = _buckets()
    user = _signed_user()
    turn = _turn(rates, "anonymous" if user is None else _what())
    g.rate = turn
    g.allowance = turn.take(buckets, client_address() if user is None else f"user:{user}")


def _tell(response: Response) -> Response:
    if "rate" in g:
        response.headers["X-RateLimit-Limit"] = str(g.rate.size)
        response.headers["X-RateLimit-Remaining"] = str(g.allowance.left if "allowance" in g else 0)
    return response


def _buckets() -> tuple[Buckets, Rates]:
    return current_app.extensions["creathon_rates"]


def _what() -> str:
    return "reads" if request.method in READS else OWN_RATE.get(request.endpoint or "", "writes")


def _turn(rates: Rates, what: str) -> Turn:
    return Turn(what, getattr(rates, what))


def _signed_user() -> str | None:
    """The user named in a token of ours; whether the token still counts is api.auth's business.

    PyJWT alone, because flask-jwt-extended's way takes three times as long, and this is done for every request.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    config = current_app.config
    try:
        claims = jwt.decode(
            token.strip(), config["JWT_SECRET_KEY"], algorithms=["HS256"], leeway=config["JWT_DECODE_LEEWAY"]
        )
    except PyJWTError:
        return None
    return claims.get("sub")
