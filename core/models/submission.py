"""Submissions: the row is the truth about a piece of grading work, the message in the queue only points at it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.grading import Queue, Verdict
from core.models.challenge import Challenge
from core.models.user import User
from core.words import Source, SubmissionStatus

QUEUED = "status = 'queued'"
RARE_STATUS = "status IN ('failed', 'cancelled', 'awaiting_review')"
RARE_VERDICT = "verdict NOT IN ('accepted', 'wrong_answer')"


class Submission(Base):
    """One answer of one learner. `attempt` counts the learner's tries, `grading_attempt` ours: it is the fence."""

    __tablename__ = "submissions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["challenge_id", "revision"], ["challenge_revisions.challenge_id", "challenge_revisions.number"]
        ),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_range"),
        CheckConstraint("(status IN ('graded', 'failed')) = (verdict IS NOT NULL)", name="verdict_iff_ended"),
        Index("ix_submissions_user_id_id", "user_id", "id"),
        Index("ix_submissions_challenge_id_id", "challenge_id", "id"),
        # What workers choose from, in the order in which they do; see core.services.claims.
        Index("ix_submissions_queued", "lane", "grading_attempt", "turn", "id", postgresql_where=QUEUED),
        Index("ix_submissions_queued_user_id", "user_id", postgresql_where=QUEUED),
        # The lease is not indexed, so that renewing it costs no index entry.
        Index("ix_submissions_grading", "id", postgresql_where="status = 'grading'"),
        # For authors' lists of what is rare; the usual way of a submission touches neither.
        Index("ix_submissions_rare_status", "status", "id", postgresql_where=RARE_STATUS),
        Index("ix_submissions_rare_verdict", "verdict", "id", postgresql_where=RARE_VERDICT),
        # Which an operator may want to send again.
        Index("ix_submissions_failed", "graded_at", postgresql_where="status = 'failed'"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"))
    # Of the challenge, against which it is graded.
    revision: Mapped[int]
    # What the hints cost that the learner had when handing in.
    deducted: Mapped[int] = mapped_column(default=0, server_default="0")
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    language: Mapped[str | None] = mapped_column(String(32))
    attempt: Mapped[int]
    source: Mapped[Source] = mapped_column(words(Source, "source"), default=Source.WEB)
    # The Telegram message that shows "grading" and is edited into the verdict.
    reply_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    reply_message_id: Mapped[int | None] = mapped_column(BigInteger)
    # Of the request or Telegram update that brought it: the thread through the logs of all processes.
    request_id: Mapped[str | None] = mapped_column(String(64))

    status: Mapped[SubmissionStatus] = mapped_column(
        words(SubmissionStatus, "status"), default=SubmissionStatus.QUEUED
    )
    queue: Mapped[Queue] = mapped_column(words(Queue, "queue"))
    # Who can do it (core.grading.Lane).
    lane: Mapped[str] = mapped_column(String(64), Computed("queue || coalesce('.' || language, '')"))
    # Its place among those of its lane: a learner's second waits behind everybody's first.
    turn: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    queued_at: Mapped[datetime] = mapped_column(default=now)
    # Nobody takes it earlier: after a failure of ours it waits a little.
    not_before: Mapped[datetime] = mapped_column(default=now)
    grading_attempt: Mapped[int] = mapped_column(default=0)
    lease_expires_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    graded_at: Mapped[datetime | None]
    grader: Mapped[str | None] = mapped_column(String(200))
    failure: Mapped[str | None] = mapped_column(Text)

    verdict: Mapped[Verdict | None] = mapped_column(words(Verdict, "verdict"))
    score: Mapped[float | None]
    points: Mapped[int | None]
    results: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    compile_output: Mapped[str | None] = mapped_column(Text)

    # While it awaits review: who claimed it, until when. Once `review_until` has passed the claim is nobody's.
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    review_until: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=user_id)
    challenge: Mapped[Challenge] = relationship()
