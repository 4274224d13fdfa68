"""Figures for Prometheus: requests as they are answered, queues as the database knows them when it is asked."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models.submission import Submission
from core.services.workers import live_workers
from core.words import SubmissionStatus

registry = CollectorRegistry()
REQUESTS = Counter(
    "creathon_requests", "Requests answered.", ["method", "endpoint", "status"], registry=registry
)
SECONDS = Histogram(
    "creathon_request_seconds", "Time to answer a request.", ["method", "endpoint"], registry=registry
)


def observe_request(request: Request, response: Response, seconds: float) -> None:
    """Count an answer; requests that match no endpoint are counted together."""
    endpoint = request.endpoint or "none"
    REQUESTS.labels(request.method, endpoint, response.status_code).inc()
    SECONDS.labels(request.method, endpoint).observe(seconds)


def exposition(session: Session) -> bytes:
    """All figures in Prometheus' text format."""
    gauges = CollectorRegistry()
    gauges.register(_Gauges(session))
    return generate_latest(registry) + generate_latest(gauges)


class _Gauges(Collector):
    """What the database knows at this moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield self._submissions()
        yield from self._queues()
        yield GaugeMetricFamily(
            "creathon_workers", "Grading workers that live.", value=len(live_workers(self._session))
        )

    def _submissions(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("creathon_submissions", "Submissions by status.", labels=["status"])
        query = select(Submission.status, func.count()).group_by(Submission.status)
        counts = {row[0]: row[1] for row in self._session.execute(query)}
        for status in SubmissionStatus:
            family.add_metric([status.value], counts.get(status, 0))
        return family

    def _queues(self) -> Iterator[GaugeMetricFamily]:
        depth = GaugeMetricFamily("creathon_queue_depth", "Submissions that wait.", labels=["queue"])
        age = GaugeMetricFamily("creathon_queue_oldest_seconds", "Wait of the oldest one.", labels=["queue"])
        waited = func.extract("epoch", func.clock_timestamp() - func.min(Submission.queued_at))
        waiting = select(Submission.queue, func.count(), waited).where(
            Submission.status == SubmissionStatus.QUEUED
        )
        for queue, count, oldest in self._session.execute(waiting.group_by(Submission.queue)):
            depth.add_metric([queue.value], count)
            age.add_metric([queue.value], float(oldest))
        yield depth
        yield age
