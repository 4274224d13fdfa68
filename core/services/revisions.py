"""Revisions: every change of a challenge's content writes one, and none is ever changed.

A challenge carries the content of its live revision, the one that learners see and hand in to. `head` is the latest. It
is ahead of the live one only while an edit of a published challenge waits for its check; see core.services.publication.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from core.errors import NotFound
from core.models.challenge import Challenge, Revision

CONTENT = (
    "title", "description", "points", "kind", "spec", "attempt_penalty", "hints", "solutions", "editorial",
    "translations",
)  # fmt: skip


def content_of(version: Challenge | Revision) -> dict[str, Any]:
    """Its content, by field."""
    return {name: getattr(version, name) for name in CONTENT}


def first_revision(session: Session, challenge: Challenge) -> Revision:
    """Write down the content of a challenge that was just made. It is flushed."""
    return _add(session, challenge, challenge.author_id, content_of(challenge))


def write_revision(
    session: Session, challenge: Challenge, author_id: int | None, changes: Mapping[str, Any]
) -> Revision:
    """The next revision: what the latest says, with these `changes`. It becomes the head; it is not live yet."""
    content = content_of(head_of(session, challenge)) | dict(changes)
    challenge.head += 1
    session.flush()
    return _add(session, challenge, author_id, content)


def make_live(session: Session, challenge: Challenge, revision: Revision) -> None:
    """Learners see this revision from now on."""
    for name, value in content_of(revision).items():
        if getattr(challenge, name) != value:
            setattr(challenge, name, value)
    challenge.revision = revision.number
    session.flush()


def head_of(session: Session, challenge: Challenge) -> Challenge | Revision:
    """The latest content: what authors go on writing at."""
    if challenge.head == challenge.revision:
        return challenge
    return get_revision(session, challenge.id, challenge.head)


def get_revision(session: Session, challenge_id: int, number: int) -> Revision:
    """Raises NotFound."""
    revision = session.get(Revision, (challenge_id, number))
    if revision is None:
        raise NotFound
    return revision


def list_revisions(challenge_id: int) -> Select[Revision]:
    """A challenge's revisions, the latest first."""
    query = select(Revision).filter_by(challenge_id=challenge_id).order_by(Revision.number.desc())
    return query.options(undefer(Revision.solutions), undefer(Revision.editorial))


def _add(session: Session, challenge: Challenge, author_id: int | None, content: dict[str, Any]) -> Revision:
    revision = Revision(challenge_id=challenge.id, number=challenge.head, author_id=author_id, **content)
    session.add(revision)
    session.flush()
    return revision
