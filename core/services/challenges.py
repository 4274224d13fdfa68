"""Challenges: who sees which, and how they come, change and go. Specs are checked by the graders, before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, column, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from core.db import now
from core.errors import NotFound, ValidationFailed
from core.events import ChallengePublished
from core.models.challenge import Category, Challenge
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.models.user import User
from core.services.audit import Act, record_act
from core.services.batches import cancel_batches
from core.services.events import broadcast
from core.services.prerequisites import check_prerequisites, is_needed
from core.services.revisions import (
    CONTENT,
    content_of,
    first_revision,
    get_revision,
    head_of,
    make_live,
    write_revision,
)
from core.services.totals import sum_up
from core.words import ChallengeState, Difficulty, ProgressStatus, Purpose

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
FIELDS = (
    *CONTENT, "difficulty", "category_id", "tags", "state", "attempts_max", "on_resubmit", "on_rejudge",
    "cooldown_seconds", "prerequisites", "publish_at", "locale",
)  # fmt: skip


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


def get_challenge(session: Session, reader: User, challenge_id: int) -> Challenge:
    """The challenge, if `reader` may see it. Raises NotFound."""
    challenge = session.get(Challenge, challenge_id)
    if challenge is None or not _may_see(session, reader, challenge):
        raise NotFound
    return challenge


def find_challenge(session: Session, slug: str) -> Challenge | None:
    """The challenge that was loaded from the folder `slug`."""
    return session.scalar(select(Challenge).where(Challenge.slug == slug))


def progress_in(session: Session, reader: User, challenge: Challenge) -> UserProgress | None:
    """How far `reader` got with `challenge`."""
    return session.get(UserProgress, (reader.id, challenge.id))


def create_challenge(session: Session, author: User | None, fields: Mapping[str, Any]) -> Challenge:
    """Make a challenge of `fields` (those of FIELDS, and a slug where it comes from a folder), and its first revision.

    Raises ValidationFailed when there is no such category.
    """
    _check_category(session, fields.get("category_id"))
    challenge = Challenge(author_id=author.id if author else None, **fields)
    session.add(challenge)
    session.flush()
    check_prerequisites(session, challenge)
    first_revision(session, challenge)
    _record(session, "created", challenge, {"title": challenge.title, "state": challenge.state.value})
    if challenge.state is ChallengeState.PUBLISHED:
        _announce(session, challenge)
    return challenge


def update_challenge(
    session: Session, challenge: Challenge, changes: Mapping[str, Any], author: User | None = None
) -> bool:
    """Change what differs, at once and for everybody, and tell whether anything did.

    Raises ValidationFailed when there is no such category, or when the kind of a challenge with submissions would
    change.
    """
    was_draft = challenge.state is not ChallengeState.PUBLISHED
    changed = _rewrite(session, challenge, changes, author)
    if challenge.head != challenge.revision:
        make_live(session, challenge, get_revision(session, challenge.id, challenge.head))
    if changed and was_draft and challenge.state is ChallengeState.PUBLISHED:
        _announce(session, challenge)
    return bool(changed)


def prepare_changes(
    session: Session, challenge: Challenge, changes: Mapping[str, Any], author: User | None = None
) -> bool:
    """As `update_challenge`, but what learners would notice waits: the content stays a head that is not live, and a
    draft stays one. See core.services.publication.
    """
    return bool(_rewrite(session, challenge, {**changes, "state": challenge.state}, author))


def publish_head(session: Session, challenge: Challenge) -> None:
    """The latest revision goes live, and a challenge that was none is published. The caller holds its lock."""
    if challenge.head != challenge.revision:
        make_live(session, challenge, get_revision(session, challenge.id, challenge.head))
        _record(session, "revised", challenge, {"revision": challenge.head})
    if challenge.state is ChallengeState.PUBLISHED:
        return
    challenge.state = ChallengeState.PUBLISHED
    session.flush()
    _record(session, "updated", challenge, {"fields": ["state"], "state": challenge.state.value})
    _announce(session, challenge)


def delete_challenge(session: Session, challenge: Challenge) -> None:
    """Delete it; one that somebody has worked on, that is in a track or that others need is archived instead."""
    session.scalars(select(Challenge.id).where(Challenge.id == challenge.id).with_for_update()).one()
    if is_needed(session, challenge):
        _archive(session, challenge)
        return
    try:
        with session.begin_nested():
            session.delete(challenge)
    except IntegrityError:
        _archive(session, challenge)
    else:
        _record(session, "deleted", challenge, {"title": challenge.title})


def _archive(session: Session, challenge: Challenge) -> None:
    challenge.state = ChallengeState.ARCHIVED
    session.flush()
    cancel_batches(session, challenge.id, Purpose.PUBLISH)
    _record(session, "updated", challenge, {"fields": ["state"], "state": challenge.state.value})


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


def _may_see(session: Session, reader: User, challenge: Challenge) -> bool:
    """What `_visible` says, of one that was read."""
    if reader.is_author or challenge.state is ChallengeState.PUBLISHED:
        return True
    return challenge.state is ChallengeState.ARCHIVED and progress_in(session, reader, challenge) is not None


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


def _check_category(session: Session, category_id: int | None) -> None:
    if category_id is not None and session.get(Category, category_id) is None:
        raise ValidationFailed({"category_id": ["There is no such category."]})


def _has_submissions(session: Session, challenge: Challenge) -> bool:
    return bool(session.scalar(select(exists().where(Submission.challenge_id == challenge.id))))


def _record(session: Session, what: str, challenge: Challenge, details: Mapping[str, Any]) -> None:
    """Which fields, never what is in them: a spec holds the key."""
    record_act(session, Act(f"challenge.{what}", "challenge", challenge.id, details))


def _rewrite(
    session: Session, challenge: Challenge, changes: Mapping[str, Any], author: User | None
) -> dict[str, Any]:
    """Settings change at once, content goes into a new head. Returns what differed."""
    before = content_of(head_of(session, challenge))
    new = {
        name: value for name, value in changes.items() if before.get(name, _setting(challenge, name)) != value
    }
    category = challenge.category_id
    _check_category(session, new.get("category_id"))
    if "kind" in new and _has_submissions(session, challenge):
        raise ValidationFailed({"kind": ["There are submissions already; make a new challenge instead."]})
    content = {name: value for name, value in new.items() if name in CONTENT}
    for name in new.keys() - content.keys():
        setattr(challenge, name, new[name])
    session.flush()
    if "prerequisites" in new:
        check_prerequisites(session, challenge)
    if content:
        write_revision(session, challenge, author.id if author else None, content)
    if "category_id" in new:
        sum_up(session, {one for one in (category, challenge.category_id) if one})
    if new:
        state = {"state": challenge.state.value} if "state" in new else {}
        _record(session, "updated", challenge, {"fields": sorted(new), **state})
    return new


def _setting(challenge: Challenge, name: str) -> Any:
    return None if name in CONTENT else getattr(challenge, name)


def _announce(session: Session, challenge: Challenge) -> None:
    challenge.published_at, challenge.publish_at = challenge.published_at or now(), None
    session.flush()
    broadcast(session, ChallengePublished(challenge.id, challenge.title))
