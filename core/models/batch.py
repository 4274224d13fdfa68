"""Answers that are graded in the background, in batches: to check a challenge, or to rejudge submissions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Computed, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.grading import Verdict
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.models.user import User
from core.words import BatchStatus, GradingStatus, Purpose


class Batch(Base):
    """Why, against which revision, and what came of it (`report`). Its row lock serialises the end of its gradings."""

    __tablename__ = "batches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["challenge_id", "revision"],
            ["challenge_revisions.challenge_id", "challenge_revisions.number"],
            ondelete="CASCADE",
        ),
        Index("ix_batches_challenge_id_id", "challenge_id", "id"),
        Index("ix_batches_running", "id", postgresql_where="status = 'running'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(words(Purpose, "purpose"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    revision: Mapped[int]
    status: Mapped[BatchStatus] = mapped_column(
        words(BatchStatus, "status"), default=BatchStatus.RUNNING, server_default="running"
    )
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    # What was asked for, and what came of it.
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    challenge: Mapped[Challenge] = relationship()
    requester: Mapped[User | None] = relationship()


class Grading(Base):
    """One answer of a batch. `grading_attempt` is the fence, as with submissions."""

    __tablename__ = "gradings"
    __table_args__ = (
        Index("ix_gradings_batch_id_id", "batch_id", "id"),
        Index("ix_gradings_queued", "lane", "id", postgresql_where="status = 'queued'"),
        Index("ix_gradings_grading", "id", postgresql_where="status = 'grading'"),
        Index("ix_gradings_submission_id", "submission_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    # A rejudged submission, whose answer it is; or `name` and `answer` of a solution or of a mutant of one.
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    language: Mapped[str | None] = mapped_column(String(32))
    lane: Mapped[str] = mapped_column(
        String(64), Computed("'rejudges' || coalesce('.' || language, '')", persisted=True)
    )
    # What it must get; None: it is not known.
    expected: Mapped[Verdict | None] = mapped_column(words(Verdict, "expected"))
    # Less CPU than the challenge allows, and the first failed test ends it: enough to tell a mutant.
    cpu_seconds: Mapped[float | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")

    status: Mapped[GradingStatus] = mapped_column(
        words(GradingStatus, "status"), default=GradingStatus.QUEUED, server_default="queued"
    )
    grading_attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    not_before: Mapped[datetime] = mapped_column(default=now)
    lease_expires_at: Mapped[datetime | None]
    graded_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    verdict: Mapped[Verdict | None] = mapped_column(words(Verdict, "verdict"))
    score: Mapped[float | None]
    results: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    compile_output: Mapped[str | None] = mapped_column(Text)

    batch: Mapped[Batch] = relationship()
    submission: Mapped[Submission | None] = relationship()
