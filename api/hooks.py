"""What happens around every request: its id, its line in the log, safe headers, and text that nobody can store."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from flask_cors import CORS

from api.etags import answer_not_modified
from api.metrics import observe_request
from core.errors import NotFound, ValidationFailed
from core.logs import bind_context, clear_context
from core.settings import Settings
from core.telemetry import note

log = structlog.get_logger("api.access")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
# The API page needs its own inline styles and the pictures within them; nothing comes from elsewhere.
CSP = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",  # what CORS_ORIGINS allows is fetched with CORS, which this spares
}
# Only over TLS, which TRUSTED_PROXIES' X-Forwarded-Proto tells. Other names below ours are not ours to decide on.
HSTS = "max-age=31536000"
EXPOSED = ["ETag", "Link", "Location", "Retry-After", "X-Pagination", "X-Request-ID", "Idempotent-Replayed"]
EXPOSED += ["X-RateLimit-Limit", "X-RateLimit-Remaining"]


def init_hooks(app: Flask, settings: Settings) -> None:
    """Add the hooks to `app`; other origins may call the API when the settings name them."""
    app.before_request(_begin)
    app.before_request(_refuse_nul)
    app.after_request(_finish)
    app.after_request(answer_not_modified)  # runs first: the last one added does
    if settings.cors_origins:
        CORS(app, resources=r"/api/.*", origins=list(settings.cors_origins), expose_headers=EXPOSED)


def request_id() -> str:
    """The id of this request, the client's own where it sent a decent one."""
    return g.request_id


def _begin() -> None:
    sent = request.headers.get("X-Request-ID", "")
    g.request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
    g.began = time.perf_counter()
    clear_context()
    bind_context(request_id=g.request_id)
    note(request_id=g.request_id)


def _refuse_nul() -> None:
    """PostgreSQL's text has no NUL character; bodies are looked at in api.json_body."""
    if "\0" in request.path:
        raise NotFound
    if names := [name for name, values in request.args.lists() if "\0" in "".join([name, *values])]:
        raise ValidationFailed(
            {name.replace("\0", ""): ["Must not contain NUL characters."] for name in names}
        )


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    for name, value in SAFE_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if request.path.startswith("/api/auth/"):
        response.headers["Cache-Control"] = "no-store"  # tokens
    elif request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "private, no-cache")
    seconds = time.perf_counter() - g.began
    observe_request(request, response, seconds)
    if request.path not in QUIET:
        fields = {"method": request.method, "path": request.path, "status": response.status_code}
        log.info("request", **fields, ms=round(seconds * 1000, 1))
    return response
