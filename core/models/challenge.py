"""Categories, the challenges in them, and the revisions of these."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.words import ChallengeState, Difficulty, Rejudging, Resubmission


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


class Content:
    """What a revision keeps. `spec` is the grader's; learners read it only through its redaction.

    `solutions` are [{"name", "verdict", "answer"}]: answers and the verdicts that they must get, for authors only.
    `hints` are [{"text", "cost"}], bought one after the other, `translations` {locale: {"title", "description", ...}}.
    `attempt_penalty` is the share (0..1) of the points that each earlier attempt costs.
    """

    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    points: Mapped[int]
    kind: Mapped[str] = mapped_column(String(64))
    spec: Mapped[dict[str, Any]] = mapped_column(JSONB)
    attempt_penalty: Mapped[float] = mapped_column(default=0.0, server_default="0")
    hints: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    # Read by few, and large: fetched when somebody asks.
    solutions: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, default=list, server_default="[]", deferred=True
    )
    editorial: Mapped[str] = mapped_column(Text, default="", server_default="", deferred=True)
    translations: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class Challenge(Content, Base):
    """What learners answer: its content is that of the live `revision`.

    `head` is the latest revision; it is ahead while an edit of a published challenge waits for its check.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("attempts_max > 0", name="attempts_max_positive"),
        CheckConstraint("cooldown_seconds > 0", name="cooldown_positive"),
        CheckConstraint("attempt_penalty BETWEEN 0 AND 1", name="attempt_penalty_range"),
        Index("ix_challenges_kind", "kind"),
        Index("ix_challenges_publish_at", "publish_at", postgresql_where="publish_at IS NOT NULL"),
        Index("ix_challenges_tags", "tags", postgresql_using="gin"),
        Index("ix_challenges_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The folder it was loaded from; loading that folder again updates it.
    slug: Mapped[str | None] = mapped_column(String(128), unique=True)
    difficulty: Mapped[Difficulty] = mapped_column(words(Difficulty, "difficulty"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(64)), default=list)
    state: Mapped[ChallengeState] = mapped_column(
        words(ChallengeState, "state"), default=ChallengeState.DRAFT
    )
    attempts_max: Mapped[int | None]
    on_resubmit: Mapped[Resubmission] = mapped_column(
        words(Resubmission, "on_resubmit"), default=Resubmission.KEEP, server_default="keep"
    )
    on_rejudge: Mapped[Rejudging] = mapped_column(
        words(Rejudging, "on_rejudge"), default=Rejudging.KEEP, server_default="keep"
    )
    # Between two answers of one learner.
    cooldown_seconds: Mapped[int | None]
    # A tree of {"all": [...]}, {"any": [...]}, {"challenge": id}, {"points": n}; see core.services.prerequisites.
    prerequisites: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # What strict tracks put right before it: derived from these, see core.services.tracks.
    track_predecessors: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")
    # The language that its texts are in (BCP 47); `translations` are in others.
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    # A draft is published then.
    publish_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    head: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Revision(Content, Base):
    """One version of a challenge's content, never changed: submissions name the one that they are graded against."""

    __tablename__ = "challenge_revisions"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
