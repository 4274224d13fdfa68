"""Totals of the points ledger by learner, window and category: written with every entry, so that nobody sums them.

A window is a part of the calendar (in UTC), since what slides with the clock could not be kept ready. The totals of
windows that are over are dropped by the sweeper. Lock order: after the progress rows, before the users' rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from core.db import now
from core.models.progress import PointsTotal
from core.words import Window

EVER = date(1970, 1, 1)  # when "all" starts
EVERY_CATEGORY = 0

# Each entry counts in four windows, in its category and in all of them. One that takes points leaves the time of the
# last that gave some: who got there first stays first. Sorted, so that two transactions take the rows that they share
# in the same order.
_ADD = """
INSERT INTO points_totals AS t ("window", starts_on, category_id, user_id, points, last_scored_at)
SELECT w.name, starts.day, c.id, e.user_id, sum(e.points),
       coalesce(max(e.created_at) FILTER (WHERE e.points > 0), 'epoch')
FROM {entries}
JOIN challenges ON challenges.id = e.challenge_id
CROSS JOIN LATERAL (VALUES (0), (challenges.category_id)) AS c (id)
CROSS JOIN (VALUES ('all'), ('day'), ('week'), ('month')) AS w (name)
CROSS JOIN LATERAL (
    SELECT CASE w.name WHEN 'all' THEN date '1970-01-01'
           ELSE CAST(date_trunc(w.name, e.created_at AT TIME ZONE 'UTC') AS date) END AS day
) AS starts
WHERE {which}
GROUP BY w.name, starts.day, c.id, e.user_id
ORDER BY e.user_id, c.id, w.name, starts.day
ON CONFLICT ("window", starts_on, category_id, user_id) DO UPDATE
SET points = t.points + excluded.points, last_scored_at = greatest(t.last_scored_at, excluded.last_scored_at)
RETURNING t."window", t.category_id, t.user_id, t.points
"""
_NEW = (
    "unnest(CAST(:users AS int[]), CAST(:challenges AS int[]), CAST(:points AS int[]), CAST(:ats AS timestamptz[]))"
    " AS e (user_id, challenge_id, points, created_at)"
)
_CURRENT = (
    "(w.name = 'all' OR starts.day >= date_trunc(w.name, CAST(:today AS timestamp)))"
    " AND c.id = ANY(CAST(:categories AS int[]))"
)
ADD = text(_ADD.format(entries=_NEW, which="c.id IS NOT NULL"))
SUM_UP = text(_ADD.format(entries="points_ledger e", which=_CURRENT))


def start_of(window: Window, day: date) -> date:
    """The first day of the window that `day` is in."""
    match window:
        case Window.ALL:
            return EVER
        case Window.WEEK:
            return day - timedelta(days=day.weekday())
        case Window.MONTH:
            return day.replace(day=1)
    return day


def add_points(session: Session, entries: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Count entries of the ledger (user_id, challenge_id, points, created_at) that this transaction has inserted.

    Returns what each of their users has in all. Insert first: see `sum_up`.
    """
    if not entries:
        return {}
    columns = {"users": "user_id", "challenges": "challenge_id", "points": "points", "ats": "created_at"}
    rows = session.execute(ADD, {name: [row[key] for row in entries] for name, key in columns.items()})
    return {
        row.user_id: row.points
        for row in rows
        if row.window == Window.ALL and row.category_id == EVERY_CATEGORY
    }


def sum_up(session: Session, categories: Collection[int]) -> None:
    """Make the totals of these categories anew: a challenge has moved from one to another.

    The lock keeps entries from being inserted meanwhile; one that waits reads the new category when it is counted.
    """
    session.flush()
    session.execute(text("LOCK TABLE points_ledger IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(PointsTotal).where(PointsTotal.category_id.in_(categories)))
    session.execute(SUM_UP, {"today": now().date(), "categories": list(categories)})


def discard_ended(session: Session) -> None:
    """Drop the totals of windows that ended before yesterday; in later ones an entry may still be on its way."""
    yesterday = now().date() - timedelta(days=1)
    for window in Window:
        over = (PointsTotal.window == window, PointsTotal.starts_on < start_of(window, yesterday))
        session.execute(delete(PointsTotal).where(*over))
