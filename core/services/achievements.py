"""Achievements: small milestones, each unlocked once."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.events import AchievementUnlocked
from core.models.progress import Achievement, UserProgress
from core.services.events import record
from core.words import ProgressStatus

# How many challenges must be completed for each.
COMPLETED = {1: ("first_solved", "First challenge solved"), 10: ("ten_solved", "Ten challenges solved")}
FIRST_TRY = ("first_try", "Solved at the first attempt")


def unlock_achievements(session: Session, progress: UserProgress) -> None:
    """Unlock and announce what this progress row earns; what is unlocked already stays silent."""
    if progress.status is not ProgressStatus.COMPLETED:
        return
    for name, title in _earned(session, progress):
        if _unlock(session, progress.user_id, name):
            record(session, progress.user_id, AchievementUnlocked(name, title))


def _earned(session: Session, progress: UserProgress) -> Iterator[tuple[str, str]]:
    completed = _completed(session, progress.user_id)
    yield from (what for count, what in COMPLETED.items() if completed >= count)
    if progress.attempts == 1:
        yield FIRST_TRY


def _completed(session: Session, user_id: int) -> int:
    rows = select(func.count()).select_from(UserProgress)
    mine = rows.where(UserProgress.user_id == user_id, UserProgress.status == ProgressStatus.COMPLETED)
    return session.scalar(mine) or 0


def _unlock(session: Session, user_id: int, name: str) -> bool:
    add = insert(Achievement).values(user_id=user_id, name=name).on_conflict_do_nothing()
    return session.scalar(add.returning(Achievement.name)) is not None
