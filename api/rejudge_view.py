"""A rejudge as authors see it: its row, how far it is, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.extensions import session
from core.models.batch import Batch
from core.services.recounting import preview
from core.services.rejudges import counts
from core.words import BatchStatus, GradingStatus


@dataclass(frozen=True, slots=True)
class RejudgeView:
    """What api.schemas.rejudges shows of a batch; other attributes are the batch's own."""

    batch: Batch
    progress: Mapping[GradingStatus, int]
    report: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.batch, name)

    @property
    def scope(self) -> Mapping[str, Any]:
        return self.batch.details["scope"]

    @property
    def submissions(self) -> int:
        return self.batch.details["submissions"]

    @property
    def requested_by(self) -> str | None:
        return self.batch.requester.username if self.batch.requester else None

    @property
    def summary(self) -> Mapping[str, Any] | None:
        return self.report if "changed" in self.report else None

    @property
    def failure(self) -> str | None:
        return self.report.get("failure")


def views_of(batches: Sequence[Batch]) -> list[RejudgeView]:
    """As they were when they got ready."""
    known = counts(session(), batches)
    return [RejudgeView(one, known[one.id], one.report or {}) for one in batches]


def view_of(batch: Batch) -> RejudgeView:
    """As of now: what a preview says may change while learners go on."""
    [view] = views_of([batch])
    if batch.status is not BatchStatus.READY:
        return view
    return RejudgeView(batch, view.progress, preview(session(), batch))
