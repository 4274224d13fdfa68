"""Probes for whoever runs Creathon: does the process live, can it do its work, and its figures."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.extensions import ports, session
from api.metrics import exposition
from api.schema_state import pending_migrations
from core.bus import BusUnavailable
from core.services.workers import live_workers

log = logging.getLogger(__name__)


def init_health(app: Flask) -> None:
    """Add /healthz, /readyz and /metrics; they are for operators and no part of the API."""
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)
    app.add_url_rule("/metrics", view_func=metrics)


def healthz() -> Response:
    """The process lives."""
    return jsonify(status="alive")


def readyz() -> tuple[Response, int]:
    """Whether submissions can be taken and graded, and if not, what is missing."""
    missing = {name: check() for name, check in CHECKS.items()}
    checks = {
        name: {"ok": False, "detail": detail} if detail else {"ok": True} for name, detail in missing.items()
    }
    ready = not any(missing.values())
    return jsonify(status="ready" if ready else "not_ready", checks=checks), 200 if ready else 503


def metrics() -> Response:
    """Prometheus' figures."""
    connections = current_app.extensions["creathon_live"].connections
    return Response(exposition(session(), connections), content_type=CONTENT_TYPE_LATEST)


def _postgresql() -> str | None:
    try:
        session().execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return _logged("PostgreSQL does not answer.", error)
    return None


def _migrations() -> str | None:
    try:
        pending = pending_migrations(session())
    except SQLAlchemyError as error:
        return _logged("Unknown while PostgreSQL does not answer.", error)
    return f"{len(pending)} migrations are not applied; run `flask db upgrade`." if pending else None


def _redis() -> str | None:
    try:
        ports().bus.ping()
    except BusUnavailable as error:
        return _logged("Redis does not answer.", error)
    return None


def _worker() -> str | None:
    try:
        if live_workers(session()):
            return None
    except SQLAlchemyError as error:
        return _logged("Unknown while PostgreSQL does not answer.", error)
    return "No grading worker was heard of in the last 15 seconds; start one (see docs/operations.md)."


def _logged(detail: str, error: Exception) -> str:
    """What anybody may know; the log gets the rest."""
    log.warning("not ready: %s", error)
    return detail


CHECKS: dict[str, Callable[[], str | None]] = {
    "postgresql": _postgresql,
    "migrations": _migrations,
    "redis": _redis,
    "worker": _worker,
}
