"""What a learner reached: one progress row per challenge, and an append-only ledger of points."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.models.challenge import Challenge
from core.words import ProgressStatus, Window


class UserProgress(Base):
    """Best score and points so far. Its row lock serialises everything a learner does with one challenge."""

    __tablename__ = "user_progress"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_range"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"), primary_key=True, index=True)
    status: Mapped[ProgressStatus] = mapped_column(
        words(ProgressStatus, "status"), default=ProgressStatus.STARTED
    )
    attempts: Mapped[int] = mapped_column(default=0)
    score: Mapped[float] = mapped_column(default=0.0)
    points: Mapped[int] = mapped_column(default=0)
    # What the learner's hints cost: the challenge pays so much less.
    deducted: Mapped[int] = mapped_column(default=0, server_default="0")
    # Counts the rejudges that changed the points, so that a level can be paid again afterwards.
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    started_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    challenge: Mapped[Challenge] = relationship()


class LedgerEntry(Base):
    """Points won or lost, never changed afterwards. A rule pays a learner once per challenge."""

    __tablename__ = "points_ledger"
    __table_args__ = (
        UniqueConstraint("user_id", "challenge_id", "rule"),
        Index("ix_points_ledger_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    rule: Mapped[str] = mapped_column(String(64))
    points: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class PointsTotal(Base):
    """What ledger entries of a learner add up to, kept so that a leaderboard is read and not summed.

    One row per window, beginning with `starts_on`, and category; `category_id` 0 is all of them together. See
    core.services.totals.
    """

    __tablename__ = "points_totals"
    __table_args__ = (
        Index(
            "ix_points_totals_order", "window", "starts_on", "category_id", text("points DESC"), "last_scored_at",
            "user_id", postgresql_where="points > 0",
        ),
    )  # fmt: skip

    window: Mapped[Window] = mapped_column(words(Window, "window"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    points: Mapped[int]
    last_scored_at: Mapped[datetime]


class Achievement(Base):
    """An achievement that a learner unlocked, once."""

    __tablename__ = "achievements"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    unlocked_at: Mapped[datetime] = mapped_column(default=now)
