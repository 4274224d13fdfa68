"""What happened (events), who else must hear of it (deliveries), which requests were answered, which workers live."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, now, words
from core.words import Channel


class Event(Base):
    """A fact a learner is told. Ids count from 1 for each user without a hole, so a receiver sees what it missed."""

    __tablename__ = "events"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Delivery(Base):
    """A message that must reach someone outside, at least once; unique per event, channel and target."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("user_id", "event_id", "channel", "target"),
        Index("ix_deliveries_due_at", "due_at", postgresql_where="sent_at IS NULL AND dead_at IS NULL"),
        Index("ix_deliveries_dead_at", "dead_at", postgresql_where="dead_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[Channel] = mapped_column(words(Channel, "channel"))
    target: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


class IdempotencyRecord(Base):
    """The first answer to a request that carried an Idempotency-Key."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[Any] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)


class Worker(Base):
    """A grading worker that said it lives: which queues it serves and which languages it runs."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    queues: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    languages: Mapped[dict[str, str]] = mapped_column(JSONB)
    # How many submissions it grades at once.
    processes: Mapped[int] = mapped_column(default=1, server_default="1")
    # Why it serves less than it was asked to.
    problem: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now, index=True)
