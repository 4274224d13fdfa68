"""Trial runs: an answer tried on the sample tests or on an input of the learner's own. They count nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.grading import Verdict
from core.models.challenge import Challenge
from core.words import SubmissionStatus


class Run(Base):
    """A trial run. Nobody repeats a lost one: it ends as failed, and the learner tries again."""

    __tablename__ = "runs"
    __table_args__ = (
        Index(
            "ix_runs_unfinished", "user_id", "queued_at", postgresql_where="status IN ('queued', 'grading')"
        ),
        Index("ix_runs_queued_at", "queued_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    stdin: Mapped[str | None] = mapped_column(Text)
    status: Mapped[SubmissionStatus] = mapped_column(
        words(SubmissionStatus, "status"), default=SubmissionStatus.QUEUED
    )
    queued_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    graded_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None] = mapped_column(words(Verdict, "verdict"))
    results: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    compile_output: Mapped[str | None] = mapped_column(Text)
    failure: Mapped[str | None] = mapped_column(Text)

    challenge: Mapped[Challenge] = relationship()
