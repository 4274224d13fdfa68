"""Probes for whoever runs Creathon: does the process live, can it do its work, and its figures."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.extensions import ports, session
from api.metrics import exposition
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
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    ready = all(outcome["ok"] for outcome in checks.values())
    return jsonify(status="ready" if ready else "not_ready", checks=checks), 200 if ready else 503


def metrics() -> Response:
    """Prometheus' figures."""
    return Response(exposition(session()), content_type=CONTENT_TYPE_LATEST)


def _outcome(check: Callable[[], None]) -> dict[str, object]:
    try:
        check()
    except (SQLAlchemyError, BusUnavailable, NoWorker) as error:
        log.warning("not ready: %s", error)
        return {"ok": False, "detail": _first_line(error)}
    return {"ok": True}


def _first_line(error: Exception) -> str:
    """Enough to know what is missing; the log has the rest."""
    if isinstance(error, NoWorker):
        return str(error)
    return "It does not answer."


class NoWorker(Exception):
    """No grading worker was heard of in the last 15 seconds; start one with `make up`."""

    def __str__(self) -> str:
        return type(self).__doc__ or ""


def _postgresql() -> None:
    session().execute(text("SELECT 1"))


def _redis() -> None:
    ports().bus.ping()


def _worker() -> None:
    if not live_workers(session()):
        raise NoWorker


CHECKS: dict[str, Callable[[], None]] = {"postgresql": _postgresql, "redis": _redis, "worker": _worker}
