"""Tracks: ways through challenges. What strict ones put right before a challenge is written into its row.

So a challenge is asked alone whether it is locked, and no submission looks at tracks. Lock order: challenges, then the
graph of prerequisites.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, insert, literal, or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, load_only

from core.db import now
from core.errors import AlreadyExists, NotFound, ValidationFailed
from core.models.challenge import Challenge
from core.models.progress import UserProgress
from core.models.track import Track, TrackItem
from core.models.user import User
from core.services.audit import Act, record_act
from core.services.prerequisites import Seen, find_circle, lock_graph
from core.words import ChallengeState, ProgressStatus

SORTS: Mapping[str, Any] = {
    "id": Track.id.expression,
    "title": Track.title.expression,
    "created_at": Track.created_at.expression,
}
ORDER = ("challenges", "strict", "state")  # what changes who is locked
DERIVE = text("""
UPDATE challenges AS c SET track_predecessors = coalesce((
    SELECT array_agg(DISTINCT before.challenge_id ORDER BY before.challenge_id)
    FROM track_items item
    JOIN tracks t ON t.id = item.track_id AND t.strict AND t.state = 'published'
    JOIN track_items before ON before.track_id = item.track_id AND before.position = item.position - 1
    WHERE item.challenge_id = c.id
), '{}')
WHERE c.id = ANY(CAST(:ids AS int[]))
""")


@dataclass(frozen=True, slots=True)
class TrackProgress:
    """How far a learner got: so many challenges of the total, and the first that is not solved (None: all are)."""

    done: int
    total: int
    next_challenge_id: int | None


def list_tracks(reader: User, sort: str = "title") -> Select[Track]:
    """The tracks that `reader` may see, in the order of `sort` (one of SORTS, "-" reverses)."""
    column = SORTS[sort.removeprefix("-")]
    query = select(Track).where(
        literal(True) if reader.is_author else Track.state == ChallengeState.PUBLISHED
    )
    return query.order_by(column.desc() if sort.startswith("-") else column, Track.id)


def get_track(session: Session, reader: User, track_id: int) -> Track:
    """Raises NotFound."""
    track = session.scalar(list_tracks(reader).where(Track.id == track_id))
    if track is None:
        raise NotFound
    return track


def challenges_of(session: Session, reader: User, track_ids: Collection[int]) -> dict[int, list[Seen]]:
    """By track, those of its challenges that `reader` may see, in order, each with the reader's progress or None."""
    mine = (UserProgress.challenge_id == Challenge.id) & (UserProgress.user_id == reader.id)
    worked_on = (Challenge.state == ChallengeState.ARCHIVED) & UserProgress.user_id.is_not(None)
    visible = or_(Challenge.state == ChallengeState.PUBLISHED, worked_on, literal(reader.is_author))
    needed = (Challenge.title, Challenge.state, Challenge.locale, Challenge.prerequisites)
    query = (
        select(TrackItem.track_id, Challenge, UserProgress)
        .join(Challenge, Challenge.id == TrackItem.challenge_id)
        .outerjoin(UserProgress, mine)
        .where(TrackItem.track_id.in_(track_ids), visible)
        .order_by(TrackItem.track_id, TrackItem.position)
        .options(load_only(*needed, Challenge.track_predecessors))
    )
    found: dict[int, list[Seen]] = {track_id: [] for track_id in track_ids}
    for track_id, challenge, progress in session.execute(query):
        found[track_id].append((challenge, progress))
    return found


def progress_in(seen: Sequence[Seen]) -> TrackProgress:
    """How far the reader of these challenges of a track got."""
    undone = [one for one, mine in seen if mine is None or mine.status is not ProgressStatus.COMPLETED]
    ahead = (one.id for one in undone if one.state is ChallengeState.PUBLISHED)
    return TrackProgress(len(seen) - len(undone), len(seen), next(ahead, None))


def create_track(session: Session, author: User, fields: Mapping[str, Any]) -> Track:
    """Make a track of `fields`, of which `challenges` are ids in their order.

    Raises AlreadyExists (the slug), ValidationFailed (unknown challenges, or a circle).
    """
    own = {name: value for name, value in fields.items() if name != "challenges"}
    track = Track(author_id=author.id, **own)
    session.add(track)
    _flush(session)
    _put(session, track, fields["challenges"])
    record_act(
        session, Act("track.created", "track", track.id, {"title": track.title, "state": track.state.value})
    )
    return track


def update_track(session: Session, track: Track, changes: Mapping[str, Any]) -> bool:
    """Change what differs, and tell whether anything did. Raises as `create_track` does."""
    ids = ids_of(session, track)
    new = {
        name: value
        for name, value in changes.items()
        if value != (ids if name == "challenges" else getattr(track, name))
    }
    if not new:
        return False
    for name in new.keys() - {"challenges"}:
        setattr(track, name, new[name])
    track.updated_at = now()
    _flush(session)
    if not new.keys().isdisjoint(ORDER):
        _put(session, track, new.get("challenges", ids))
    record_act(session, Act("track.updated", "track", track.id, {"fields": sorted(new)}))
    return True


def delete_track(session: Session, track: Track) -> None:
    """The challenges stay."""
    ids = ids_of(session, track)
    _lock(session, ids)
    session.delete(track)
    session.flush()
    session.execute(DERIVE, {"ids": ids})
    record_act(session, Act("track.deleted", "track", track.id, {"title": track.title}))


def ids_of(session: Session, track: Track) -> list[int]:
    """Its challenges, in order."""
    query = select(TrackItem.challenge_id).where(TrackItem.track_id == track.id)
    return list(session.scalars(query.order_by(TrackItem.position)))


def _put(session: Session, track: Track, ids: Sequence[int]) -> None:
    """These are its challenges from now on."""
    affected = sorted({*ids, *ids_of(session, track)})
    known = _lock(session, affected)
    _check(ids, known)
    session.execute(delete(TrackItem).where(TrackItem.track_id == track.id))
    if ids:
        rows = [{"track_id": track.id, "position": i, "challenge_id": number} for i, number in enumerate(ids)]
        session.execute(insert(TrackItem), rows)
    session.execute(DERIVE, {"ids": affected})
    if track.strict and (circle := find_circle(session, ids)):
        raise ValidationFailed({"challenges": [circle]})


def _lock(session: Session, ids: Collection[int]) -> set[int]:
    """Keep the challenges and the graph as they are; returns those that exist. Submissions go on."""
    rows = select(Challenge.id).where(Challenge.id.in_(ids)).order_by(Challenge.id)
    known = set(session.scalars(rows.with_for_update(key_share=True)))
    lock_graph(session)
    return known


def _check(ids: Sequence[int], known: set[int]) -> None:
    if unknown := sorted(set(ids) - known):
        raise ValidationFailed({"challenges": [f"There is no challenge {', '.join(map(str, unknown))}."]})
    if len(set(ids)) < len(ids):
        raise ValidationFailed({"challenges": ["A challenge is named twice; name each once."]})


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyExists("There is a track of this slug already.") from error
