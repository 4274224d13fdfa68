"""What a learner reached: one progress row per challenge, and an append-only ledger of points."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.models.challenge import Challenge
from core.words import ProgressStatus


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


class Achievement(Base):
    """An achievement that a learner unlocked, once."""

    __tablename__ = "achievements"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    unlocked_at: Mapped[datetime] = mapped_column(default=now)
