"""A challenge as one reader sees it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from core.models.batch import Batch
from core.models.challenge import Challenge, Revision
from core.models.progress import UserProgress
from core.models.user import User
from core.services.carry_over import finished_parts
from core.services.challenges import attempts_left, progress_in
from core.services.publication import latest_check
from core.services.revisions import CONTENT, head_of
from graders.registry import grader_for

# Left out of what learners get.
AUTHORS_ONLY = frozenset({"solutions", "check", "head", "revision", "publish_at"})


def view_of(session: Session, reader: User, challenge: Challenge) -> ChallengeView:
    """A single challenge: for authors its latest revision, and the check that this has had."""
    progress = progress_in(session, reader, challenge)
    finished = finished_parts(session, reader.id, challenge, grader_for(challenge.kind))
    if not reader.is_author:
        return ChallengeView(reader, challenge, progress, finished)
    head, check = head_of(session, challenge), latest_check(session, challenge)
    return ChallengeView(reader, challenge, progress, finished, head, check)


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """The challenge's own fields, and what depends on the reader: how much of the spec, limits and progress.

    `content` is where the fields of a revision come from, where that is not the live one.
    """

    reader: User
    challenge: Challenge
    progress: UserProgress | None
    finished_parts: tuple[str, ...] = ()
    content: Challenge | Revision | None = None
    latest: Batch | None = None

    def __getattr__(self, name: str) -> Any:
        if name in AUTHORS_ONLY and not self.reader.is_author:
            raise AttributeError(name)
        if name == "check":
            return self._check()
        return getattr(self.content if self.content and name in CONTENT else self.challenge, name)

    @property
    def spec(self) -> dict[str, Any]:
        """Everything for authors; for learners what the grader says that they may see."""
        if self.reader.is_author:
            return (self.content or self.challenge).spec
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
        check = self.latest and (self.latest.id, self.latest.status.value)
        progress = self.progress and self.progress.updated_at
        state = (self.reader.is_author, progress, self.finished_parts, check)
        return f"{zlib.crc32(repr(state).encode()):08x}"

    def _check(self) -> dict[str, Any] | None:
        if self.latest is None:
            return None
        href = url_for("checks.CheckById", check_id=self.latest.id)
        return {"id": self.latest.id, "status": self.latest.status, "href": href}
