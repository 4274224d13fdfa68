"""How much waits before a submission, for those who wait: figures that are at most a second old."""

from __future__ import annotations

from typing import Any

from flask import current_app

from api.extensions import session
from core.grading import Queue
from core.models.submission import Submission
from core.services.queues import RecentFigures, Snapshot
from core.words import SubmissionStatus


def congestion_of(submission: Submission) -> dict[str, Any] | None:
    """The lane that a queued submission waits in; None for one that does not wait."""
    if submission.status is not SubmissionStatus.QUEUED:
        return None
    return _shown(_recent(), submission.lane)


def congestion() -> list[dict[str, Any]]:
    """Every queue, and every lane of a language in which something waits."""
    snapshot = _recent()
    lanes = {row.lane for row in snapshot.waiting}
    return [_shown(snapshot, name) for name in [*Queue, *sorted(lanes - set(Queue))]]


def _recent() -> Snapshot:
    figures: RecentFigures = current_app.extensions.setdefault("creathon_figures", RecentFigures())
    return figures.get(session())


def _shown(snapshot: Snapshot, name: str) -> dict[str, Any]:
    now = snapshot.figures(name)
    return {
        "name": str(name),
        "depth": now.depth,
        "oldest_seconds": round(now.oldest_seconds, 1),
        "estimated_wait_seconds": _rounded(now.forecast.wait_seconds),
        "workers": now.workers,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
