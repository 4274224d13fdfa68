"""The leaderboard: sums over the points ledger; ties go to who got there first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.db import now
from core.models.challenge import Challenge
from core.models.progress import LedgerEntry
from core.models.user import User


class Window(StrEnum):
    """How far back points count."""

    ALL = "all"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


DAYS = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30}


@dataclass(frozen=True, slots=True)
class Standing:
    rank: int
    username: str
    points: int
    last_scored_at: datetime


def standings(*, window: Window = Window.ALL, category_id: int | None = None) -> Select[Any]:
    """A query of (rank, username, points, last_scored_at), best first; only learners who have points."""
    points, last = func.sum(LedgerEntry.points), func.max(LedgerEntry.created_at)
    totals = select(LedgerEntry.user_id, points.label("points"), last.label("last"))
    if window in DAYS:
        totals = totals.where(LedgerEntry.created_at > now() - timedelta(days=DAYS[window]))
    if category_id is not None:
        totals = totals.join(Challenge).where(Challenge.category_id == category_id)
    best = totals.group_by(LedgerEntry.user_id).having(points > 0).subquery()
    order = (best.c.points.desc(), best.c.last)
    rank = func.rank().over(order_by=order).label("rank")
    return (
        select(rank, User.username, best.c.points, best.c.last.label("last_scored_at"))
        .join(User, User.id == best.c.user_id)
        .where(User.is_active)
        .order_by(*order, User.id)
    )


def top(session: Session, limit: int = 10) -> Sequence[Standing]:
    """The first `limit` standings of all time."""
    return [Standing(*row) for row in session.execute(standings().limit(limit))]
