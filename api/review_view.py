"""A submission that awaits review, as reviewers see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.models.submission import Submission
from core.models.user import User


@dataclass(frozen=True, slots=True)
class ReviewView:
    """`holder` is whose valid claim it is under, None when it is free; `spec` is what it is graded against."""

    row: Submission
    holder: User | None
    spec: Mapping[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def submission_id(self) -> int:
        return self.row.id

    @property
    def title(self) -> str:
        return self.row.challenge.title

    @property
    def username(self) -> str:
        return self.row.user.username

    @property
    def display_name(self) -> str:
        return self.row.user.display_name

    @property
    def waiting_since(self) -> datetime:
        return self.row.queued_at

    @property
    def claimed_by(self) -> str | None:
        return self.holder.username if self.holder else None

    @property
    def claimed_until(self) -> datetime | None:
        return self.row.review_until if self.holder else None

    @property
    def rubric(self) -> list[dict[str, Any]]:
        """With the guidance for reviewers; empty where the kind has none."""
        return list(self.spec.get("rubric", ()))

    @property
    def model_answer(self) -> str | None:
        return self.spec.get("model_answer")
