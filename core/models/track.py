"""Tracks: challenges in the order in which they are learnt from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, now, words
from core.words import ChallengeState


class Track(Base):
    """A way through some challenges. Where it is strict, each needs the one before."""

    __tablename__ = "tracks"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    state: Mapped[ChallengeState] = mapped_column(
        words(ChallengeState, "state"), default=ChallengeState.DRAFT
    )
    strict: Mapped[bool] = mapped_column(default=False, server_default="false")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class TrackItem(Base):
    """A challenge's place in a track; places count from 0 without holes."""

    __tablename__ = "track_items"
    __table_args__ = (
        UniqueConstraint("track_id", "challenge_id"),
        CheckConstraint("position >= 0", name="position_not_negative"),
    )

    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"), index=True)
