"""Figures for Prometheus: requests as this process answers them, and what the database knows of the whole cluster."""

from __future__ import annotations

import logging

from flask import Request, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.cluster_metrics import ClusterMetrics

disable_created_metrics()  # a second series beside each, which nobody asks for
registry = CollectorRegistry()
REQUESTS = Counter(
    "creathon_requests", "Requests answered.", ["method", "endpoint", "status"], registry=registry
)
SECONDS = Histogram(
    "creathon_request_seconds", "Time to answer a request.", ["method", "endpoint"], registry=registry
)
CONNECTIONS = Gauge("creathon_live_connections", "Open sockets of this process.", registry=registry)

log = logging.getLogger(__name__)


def observe_request(request: Request, response: Response, seconds: float) -> None:
    """Count an answer; requests that match no endpoint are counted together."""
    endpoint = request.endpoint or "none"
    REQUESTS.labels(request.method, endpoint, response.status_code).inc()
    SECONDS.labels(request.method, endpoint).observe(seconds)


def exposition(session: Session, connections: int) -> bytes:
    """All figures in Prometheus' text format; without the database, those of this process alone."""
    CONNECTIONS.set(connections)
    return generate_latest(registry) + _cluster(session)


def _cluster(session: Session) -> bytes:
    asked = CollectorRegistry()
    asked.register(ClusterMetrics(session))
    try:
        return generate_latest(asked)
    except SQLAlchemyError as error:
        log.error("the cluster's figures are missing, the database does not answer: %s", error)
        return b""
