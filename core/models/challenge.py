"""Categories and the challenges in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.words import ChallengeState, Difficulty, Resubmission


class Category(Base):
    __tablename__ = "categories"
    __table_args__ = (Index("uq_categories_name_lower", text("lower(name)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Challenge(Base):
    """What learners answer. `spec` is the grader's; learners read it only through its redaction."""

    __tablename__ = "challenges"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("attempts_max > 0", name="attempts_max_positive"),
        Index("ix_challenges_tags", "tags", postgresql_using="gin"),
        Index("ix_challenges_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The folder it was loaded from; loading that folder again updates it.
    slug: Mapped[str | None] = mapped_column(String(128), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    difficulty: Mapped[Difficulty] = mapped_column(words(Difficulty, "difficulty"))
    points: Mapped[int]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(64), index=True)
    spec: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(64)), default=list)
    state: Mapped[ChallengeState] = mapped_column(
        words(ChallengeState, "state"), default=ChallengeState.DRAFT
    )
    attempts_max: Mapped[int | None]
    on_resubmit: Mapped[Resubmission] = mapped_column(
        words(Resubmission, "on_resubmit"), default=Resubmission.KEEP, server_default="keep"
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
