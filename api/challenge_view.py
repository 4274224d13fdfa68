"""A challenge as one reader sees it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from core.models.challenge import Challenge
from core.models.progress import UserProgress
from core.models.user import User
from core.services.challenges import attempts_left
from graders.registry import grader_for


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """The challenge's own fields, and what depends on the reader: how much of the spec, limits and progress."""

    reader: User
    challenge: Challenge
    progress: UserProgress | None
    finished_parts: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.challenge, name)

    @property
    def spec(self) -> dict[str, Any]:
        """Everything for authors; for learners what the grader says that they may see."""
        if self.reader.is_author:
            return self.challenge.spec
        seed = f"{self.reader.id}:{self.challenge.id}"
        return grader_for(self.challenge.kind).show(self.challenge.spec, seed)

    @property
    def limits(self) -> dict[str, Any]:
        return {
            "attempts_max": self.challenge.attempts_max,
            "attempts_left": attempts_left(self.challenge, self.progress),
            "resets_at": None,
        }

    @property
    def reader_state(self) -> str:
        """What makes this view another one than the challenge's version alone says; see api.etags."""
        state = (self.reader.is_author, self.progress and self.progress.updated_at, self.finished_parts)
        return f"{zlib.crc32(repr(state).encode()):08x}"
