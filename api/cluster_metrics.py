"""Figures of the whole cluster, as the database knows them when it is asked: every API process answers the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core import tallies
from core.grading import Queue
from core.models.event import Delivery
from core.models.submission import Submission
from core.services.queues import QueueFigures, queue_figures
from core.services.tallies import Figure, read_tallies
from core.words import Channel, SubmissionStatus

UNFINISHED = (SubmissionStatus.QUEUED, SubmissionStatus.GRADING, SubmissionStatus.AWAITING_REVIEW)
# name: what it counts, its labels, and those of its series that are 0 before anything happened
COUNTERS: dict[str, tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = {
    tallies.ENDED: ("Submissions that ended.", ("status", "verdict"), []),
    tallies.REDELIVERED: ("Tickets that found nothing to do: delivered twice or too late.", (), [()]),
    tallies.SWEPT: (
        "Submissions that the sweeper brought back.",
        ("reason",),
        [("expired",), ("stranded",)],
    ),
    tallies.FENCED_OUT: ("Results that came after their claim was gone, and changed nothing.", (), [()]),
    tallies.POISONED: ("Submissions given up after their third try.", (), [()]),
    tallies.SENT: ("Deliveries that arrived.", ("channel",), [(channel.value,) for channel in Channel]),
}
HISTOGRAMS: dict[str, tuple[str, tuple[str, ...]]] = {
    tallies.GRADING: ("From a claim to its verdict.", ("kind", "language")),
    tallies.SANDBOX_START: ("Time to start a box.", ()),
}


class ClusterMetrics(Collector):
    """Asks only indexes that hold unfinished work, and the small tables of tallies and workers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(self) -> Iterator[Metric]:
        snapshot = queue_figures(self._session)
        reviews, oldest = self._reviews()
        yield self._submissions(reviews)
        yield GaugeMetricFamily("creathon_reviews_oldest_seconds", "Wait of the oldest for a review.", oldest)
        yield from _queues([snapshot.figures(queue) for queue in Queue])
        yield self._deliveries()
        stored = {name: list(rows) for name, rows in groupby(read_tallies(self._session), _name)}
        yield from (_counter(name, stored.get(name, [])) for name in COUNTERS)
        yield from (_histogram(name, stored.get(name, [])) for name in HISTOGRAMS)

    def _submissions(self, reviews: int) -> Metric:
        queued, grading = SubmissionStatus.QUEUED, SubmissionStatus.GRADING
        counts = (*(self._count(Submission.status == status) for status in (queued, grading)), reviews)
        family = GaugeMetricFamily("creathon_submissions", "Submissions not ended.", labels=["status"])
        for status, count in zip(UNFINISHED, counts, strict=True):
            family.add_metric([status.value], count)
        return family

    def _reviews(self) -> tuple[int, float]:
        """How many submissions await review, and the seconds that the oldest has waited."""
        wait = func.extract("epoch", func.clock_timestamp() - func.min(Submission.queued_at))
        waiting = Submission.status == SubmissionStatus.AWAITING_REVIEW
        count, oldest = self._session.execute(select(func.count(), wait).where(waiting)).one()
        return count, float(oldest or 0)

    def _deliveries(self) -> Metric:
        family = GaugeMetricFamily(
            "creathon_deliveries", "Deliveries that wait or were given up.", labels=["channel", "state"]
        )
        waiting = Delivery.sent_at.is_(None) & Delivery.dead_at.is_(None)
        for channel in Channel:
            for state, which in (("due", waiting), ("dead", Delivery.dead_at.is_not(None))):
                family.add_metric([channel.value, state], self._count(which & (Delivery.channel == channel)))
        return family

    def _count(self, which: ColumnElement[bool]) -> int:
        return self._session.scalar(select(func.count()).where(which)) or 0


def _queues(queues: list[QueueFigures]) -> Iterator[Metric]:
    """An infinite wait: submissions wait and nobody serves the queue."""
    forecasts = [queue.forecast for queue in queues]
    waits = [
        known.wait_seconds if known.wait_seconds is not None else float("inf") if queue.depth else 0.0
        for queue, known in zip(queues, forecasts, strict=True)
    ]
    names = [queue.name for queue in queues]
    for name, help_, values in (
        (
            "creathon_queue_depth",
            "Submissions, runs and answers of checks and rejudges that wait.",
            [q.depth for q in queues],
        ),
        ("creathon_queue_oldest_seconds", "Wait of the oldest.", [q.oldest_seconds for q in queues]),
        ("creathon_queue_wait_seconds", "Estimated wait of the next.", waits),
        ("creathon_workers", "Live workers that serve the queue.", [q.workers for q in queues]),
        ("creathon_workers_wanted", "Workers advised.", [f.workers_wanted for f in forecasts]),
    ):
        family = GaugeMetricFamily(name, help_, labels=["queue"])
        for queue, value in zip(names, values, strict=True):
            family.add_metric([queue], float(value))
        yield family


def _counter(name: str, stored: list[Figure]) -> Metric:
    help_, labels, zeros = COUNTERS[name]
    family = CounterMetricFamily(name, help_, labels=labels)
    values = dict.fromkeys(zeros, 0.0) | {_values(figure, labels): figure.value for figure in stored}
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _histogram(name: str, stored: list[Figure]) -> Metric:
    help_, labels = HISTOGRAMS[name]
    family = HistogramMetricFamily(name, help_, labels=labels)
    for figure in stored:
        family.add_metric(_values(figure, labels), figure.cumulative(), figure.sum)
    return family


def _values(figure: Figure, labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(figure.labels.get(label, "") for label in labels)


def _name(figure: Figure) -> str:
    return figure.name
