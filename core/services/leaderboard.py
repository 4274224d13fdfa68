"""The leaderboard, read from the totals that are kept with the ledger; ties go to who got there first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.db import now
from core.models.progress import PointsTotal
from core.models.user import User
from core.services.totals import EVERY_CATEGORY, start_of
from core.words import Window

__all__ = ["Standing", "Window", "count_standings", "standing_of", "standings", "top"]


@dataclass(frozen=True, slots=True)
class Standing:
    rank: int
    username: str
    points: int
    last_scored_at: datetime


def standings(
    *, window: Window = Window.ALL, category_id: int | None = None
) -> Select[int, str, int, datetime]:
    """A query of (rank, username, points, last_scored_at), best first; only active learners who have points."""
    order = (PointsTotal.points.desc(), PointsTotal.last_scored_at)
    rank = func.rank().over(order_by=order).label("rank")
    return (
        select(rank, User.username, PointsTotal.points, PointsTotal.last_scored_at)
        .join(User, User.id == PointsTotal.user_id)
        .where(*_on(window, category_id), User.is_active)
        .order_by(*order, PointsTotal.user_id)
    )


def count_standings(*, window: Window = Window.ALL, category_id: int | None = None) -> Select[int]:
    """A query of how many standings there are."""
    return _count(*_on(window, category_id))


def top(session: Session, limit: int = 10) -> Sequence[Standing]:
    """The first `limit` standings of all time."""
    return [Standing(*row) for row in session.execute(standings().limit(limit))]


def standing_of(session: Session, user: User) -> Standing | None:
    """Where the user stands of all time; None without points."""
    mine = session.scalar(select(PointsTotal).where(*_on(Window.ALL, None), PointsTotal.user_id == user.id))
    if mine is None or not user.is_active:
        return None
    sooner = and_(PointsTotal.points == mine.points, PointsTotal.last_scored_at < mine.last_scored_at)
    ahead = _count(*_on(Window.ALL, None), or_(PointsTotal.points > mine.points, sooner))
    return Standing(1 + (session.scalar(ahead) or 0), user.username, mine.points, mine.last_scored_at)


def _count(*which: ColumnElement[bool]) -> Select[int]:
    """All of them, less the few whose account is closed: an index finds those, and no row of the others is read."""
    everybody = select(func.count()).select_from(PointsTotal).where(*which)
    closed = everybody.join(User, User.id == PointsTotal.user_id).where(~User.is_active)
    return select(everybody.scalar_subquery() - closed.scalar_subquery())


def _on(window: Window, category_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return (
        PointsTotal.window == window,
        PointsTotal.starts_on == start_of(window, now().date()),
        PointsTotal.category_id == (EVERY_CATEGORY if category_id is None else category_id),
        PointsTotal.points > 0,
    )
