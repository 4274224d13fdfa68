"""Achievements: small milestones, each unlocked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.events import AchievementUnlocked
from core.models.progress import Achievement, UserProgress
from core.words import ProgressStatus

# How many challenges must be completed for each.
COMPLETED = {1: ("first_solved", "First challenge solved"), 10: ("ten_solved", "Ten challenges solved")}
FIRST_TRY = ("first_try", "Solved at the first attempt")
TITLES = dict([*COMPLETED.values(), FIRST_TRY])


def unlock_achievements(
    session: Session, completed: Sequence[UserProgress]
) -> list[tuple[int, AchievementUnlocked]]:
    """Unlock what these rows, which were just completed, earn; what is new, with its user. The caller announces it."""
    if not completed:
        return []
    counts = _completed(session, {progress.user_id for progress in completed})
    earned = {
        (progress.user_id, name)
        for progress in completed
        for name in _earned(progress, counts.get(progress.user_id, 0))
    }
    rows = [{"user_id": user_id, "name": name} for user_id, name in sorted(earned)]
    add = insert(Achievement).values(rows).on_conflict_do_nothing()
    new = session.execute(add.returning(Achievement.user_id, Achievement.name))
    order = list(TITLES)
    return [
        (user_id, AchievementUnlocked(name, TITLES[name]))
        for user_id, name in sorted(new, key=lambda row: (row[0], order.index(row[1])))
    ]


def _earned(progress: UserProgress, completed: int) -> Iterator[str]:
    yield from (name for count, (name, _) in COMPLETED.items() if completed >= count)
    if progress.attempts == 1:
        yield FIRST_TRY[0]


def _completed(session: Session, user_ids: set[int]) -> dict[int, int]:
    rows = select(UserProgress.user_id, func.count()).where(UserProgress.status == ProgressStatus.COMPLETED)
    mine = rows.where(UserProgress.user_id.in_(user_ids)).group_by(UserProgress.user_id)
    return dict(session.execute(mine).all())
