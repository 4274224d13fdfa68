"""A check with how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.models.batch import Batch
from core.services.batches import progress_of


@dataclass(frozen=True, slots=True)
class CheckView:
    """The batch's own fields, and the counts of its answers at this moment."""

    session: Session
    batch: Batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self.batch, name)

    @property
    def progress(self) -> dict[str, int]:
        return {status.value: count for status, count in progress_of(self.session, self.batch.id).items()}
