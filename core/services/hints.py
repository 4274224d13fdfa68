"""Hints: bought one after the other, each once. What they cost comes off what the challenge will pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.db import now
from core.errors import Conflict, NotFound
from core.models.challenge import Challenge
from core.models.hint import HintPurchase
from core.models.progress import UserProgress
from core.models.user import User
from core.services.prerequisites import ensure_unlocked
from core.services.progress import lock_progress
from core.services.submissions import ensure_answerable
from core.words import ProgressStatus


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint as one reader sees it: `cost` is what it costs or has cost, `text` is None until they may read it."""

    number: int
    cost: int
    bought: bool
    text: str | None


def list_hints(session: Session, reader: User, challenge: Challenge) -> list[Hint]:
    """All hints of the challenge, in order."""
    paid = _paid(session, reader, challenge)
    progress = session.get(UserProgress, (reader.id, challenge.id))
    numbers = range(1, len(challenge.hints) + 1)
    return [_hint(challenge, number, paid, (reader, progress)) for number in numbers]


def count_bought(session: Session, reader: User, challenge: Challenge) -> int:
    """How many of the challenge's hints the reader has."""
    if not challenge.hints:
        return 0
    mine = select(func.count()).where(*_mine(reader, challenge))
    return min(session.scalar(mine) or 0, len(challenge.hints))


def price(challenge: Challenge, progress: UserProgress | None, number: int) -> int:
    """The points that the hint costs now: nothing once the challenge is completed."""
    return 0 if _is_completed(progress) else int(challenge.hints[number - 1]["cost"])


def buy_hint(session: Session, user: User, challenge: Challenge, number: int) -> Hint:
    """The hint, bought unless it was before. The progress row's lock makes two purchases at once one.

    Raises NotFound, Conflict (not published, or the hint before it was not bought), PrerequisitesMissing.
    """
    if not 1 <= number <= len(challenge.hints):
        raise NotFound
    if not _is_completed(session.get(UserProgress, (user.id, challenge.id))):
        ensure_answerable(user, challenge)
        ensure_unlocked(session, user, challenge)
    progress = lock_progress(session, user.id, challenge.id)
    paid = _paid(session, user, challenge)
    if number not in paid:
        if number > 1 and number - 1 not in paid:
            raise Conflict(f"Buy hint {number - 1} first; hints come in order.")
        paid = {**paid, number: _buy(session, challenge, progress, number)}
    return _hint(challenge, number, paid, (user, progress))


def _buy(session: Session, challenge: Challenge, progress: UserProgress, number: int) -> int:
    cost = price(challenge, progress, number)
    bought = HintPurchase(
        user_id=progress.user_id,
        challenge_id=challenge.id,
        number=number,
        revision=challenge.revision,
        cost=cost,
    )
    session.add(bought)
    progress.deducted, progress.updated_at = progress.deducted + cost, now()
    session.flush()
    return cost


def _hint(
    challenge: Challenge, number: int, paid: Mapping[int, int], whose: tuple[User, UserProgress | None]
) -> Hint:
    reader, progress = whose
    bought = number in paid
    text = challenge.hints[number - 1]["text"] if bought or reader.is_author else None
    return Hint(number, paid[number] if bought else price(challenge, progress, number), bought, text)


def _paid(session: Session, reader: User, challenge: Challenge) -> dict[int, int]:
    """By number, what the bought ones cost."""
    query = select(HintPurchase.number, HintPurchase.cost).where(*_mine(reader, challenge))
    return {row.number: row.cost for row in session.execute(query)}


def _mine(reader: User, challenge: Challenge) -> tuple[ColumnElement[bool], ...]:
    return HintPurchase.user_id == reader.id, HintPurchase.challenge_id == challenge.id


def _is_completed(progress: UserProgress | None) -> bool:
    return progress is not None and progress.status is ProgressStatus.COMPLETED
