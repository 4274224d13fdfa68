"""Hints that learners bought."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, now


class HintPurchase(Base):
    """A learner has bought a hint of a challenge, once. Never changed: what it cost then is what it cost."""

    __tablename__ = "hint_purchases"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id"), primary_key=True, index=True)
    # Counts the challenge's hints from 1.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The live one at that time.
    revision: Mapped[int]
    cost: Mapped[int]
    bought_at: Mapped[datetime] = mapped_column(default=now)
