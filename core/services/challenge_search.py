"""Which challenges a reader finds: what they may see, filtered and in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, column, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, defer

from core.models.challenge import Category, Challenge
from core.models.progress import UserProgress
from core.models.user import User
from core.words import ChallengeState, Difficulty, ProgressStatus

NOT_STARTED = "not_started"

_RANK = case({word.value: rank for rank, word in enumerate(Difficulty)}, value=Challenge.difficulty)

SORTS: Mapping[str, ColumnElement[Any]] = {
    "id": Challenge.id.expression,
    "title": func.lower(Challenge.title),
    "points": Challenge.points.expression,
    "difficulty": _RANK,
    "created_at": Challenge.created_at.expression,
    "updated_at": Challenge.updated_at.expression,
    "published_at": Challenge.published_at.expression,
}


@dataclass(frozen=True, slots=True)
class ChallengeFilter:
    """Which challenges; the values of one field are alternatives, and an empty field does not matter.

    `categories` are ids or names; `statuses` are the reader's progress, or "not_started"; `q` searches title,
    description and tags; `sort` is one of SORTS, reversed by "-".
    """

    categories: tuple[str, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    states: tuple[ChallengeState, ...] = ()
    q: str | None = None
    sort: str = "-created_at"


def list_challenges(reader: User, wanted: ChallengeFilter) -> Select[Challenge, UserProgress]:
    """The challenges that `reader` may see, each with the reader's progress or None; specs stay in the database.

    Without `states` learners get the published ones, authors all.
    """
    query = (
        select(Challenge, UserProgress)
        .outerjoin(UserProgress, _mine(reader))
        .options(defer(Challenge.spec), defer(Challenge.hints), defer(Challenge.translations))
    )
    conditions = [_visible(reader), *_conditions(reader, wanted)]
    column = SORTS[wanted.sort.removeprefix("-")]
    ordered = column.desc() if wanted.sort.startswith("-") else column
    return query.where(*conditions).order_by(ordered.nulls_last(), Challenge.id)


def translated_lines(session: Session, ids: Sequence[int]) -> dict[int, dict[str, dict[str, str]]]:
    """What lists show of translations: by challenge and language, the title and the description."""
    entry = func.jsonb_each(Challenge.translations).table_valued(
        "key", column("value", JSONB), joins_implicitly=True
    )
    title, description = entry.c.value["title"].astext, entry.c.value["description"].astext
    query = select(Challenge.id, entry.c.key, title, description).where(Challenge.id.in_(ids))
    found: dict[int, dict[str, dict[str, str]]] = {}
    for number, locale, *words in session.execute(query):
        found.setdefault(number, {})[locale] = dict(zip(("title", "description"), words, strict=True))
    return found


def in_categories(categories: tuple[str, ...]) -> ColumnElement[bool]:
    """The condition that a challenge is in one of these, named by id or by name."""
    ids = [int(word) for word in categories if word.isdecimal()]
    names = [word.lower() for word in categories if not word.isdecimal()]
    named = select(Category.id).where(func.lower(Category.name).in_(names))
    return or_(Challenge.category_id.in_(ids), Challenge.category_id.in_(named))


def _mine(reader: User) -> ColumnElement[bool]:
    return (UserProgress.challenge_id == Challenge.id) & (UserProgress.user_id == reader.id)


def _visible(reader: User) -> ColumnElement[bool]:
    """Learners see published challenges, and archived ones that they have worked on; joined with `_mine`."""
    if reader.is_author:
        return literal(True)
    worked_on = (Challenge.state == ChallengeState.ARCHIVED) & UserProgress.user_id.is_not(None)
    return (Challenge.state == ChallengeState.PUBLISHED) | worked_on


def _conditions(reader: User, wanted: ChallengeFilter) -> list[ColumnElement[bool]]:
    states = wanted.states or (() if reader.is_author else (ChallengeState.PUBLISHED,))
    found = [
        *_any_of(Challenge.state, states),
        *_any_of(Challenge.difficulty, wanted.difficulties),
        *_any_of(Challenge.kind, wanted.kinds),
    ]
    if wanted.tags:
        found.append(Challenge.tags.overlap(list(wanted.tags)))
    if wanted.categories:
        found.append(in_categories(wanted.categories))
    if wanted.statuses:
        found.append(_has_status(wanted.statuses))
    return [*found, _contains(wanted.q)] if wanted.q else found


def _any_of(column: Any, values: tuple[Any, ...]) -> list[ColumnElement[bool]]:
    return [column.in_(values)] if values else []


def _has_status(statuses: tuple[str, ...]) -> ColumnElement[bool]:
    begun = [ProgressStatus(word) for word in statuses if word != NOT_STARTED]
    untouched = UserProgress.user_id.is_(None)
    return (
        or_(UserProgress.status.in_(begun), untouched)
        if NOT_STARTED in statuses
        else UserProgress.status.in_(begun)
    )


def _contains(q: str) -> ColumnElement[bool]:
    texts = (Challenge.title, Challenge.description, func.array_to_string(Challenge.tags, "\n"))
    return or_(*(text.icontains(q, autoescape=True) for text in texts))
