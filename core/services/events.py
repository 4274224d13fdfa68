"""The durable log of what a learner is told, and the live push that follows the commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Integer, column, insert, select, update, values
from sqlalchemy.orm import Session

from core.bus import Message
from core.db import now
from core.events import EVERYBODY, DomainEvent, Envelope, user_room
from core.models.event import Event
from core.models.user import User
from core.outbox import outbox
from core.services.deliveries import schedule_deliveries

Fact = tuple[int, DomainEvent]  # whom it is told, and what


def record(session: Session, user_id: int, event: DomainEvent) -> None:
    """Append `event` to the user's log; see `record_all`."""
    record_all(session, [(user_id, event)])


def record_all(session: Session, facts: Sequence[Fact]) -> None:
    """Append to the users' logs in this order, schedule what must leave the house, and push after the commit.

    Counting in the users' rows locks them, in the order of their ids: ids of events are dense and their transactions
    commit in id order. Take other row locks (submissions, progress) before this one.
    """
    if not facts:
        return
    rows = _numbered(session, facts)
    session.execute(insert(Event), [_columns(row) for row in rows])
    schedule_deliveries(session, rows)
    messages = [Message(user_room(row.user_id), envelope(row).as_dict()) for row in rows]
    outbox(session).messages.extend(messages)


def broadcast(session: Session, event: DomainEvent) -> None:
    """Push `event` to everybody after the commit. Live only: whoever is away reads the newer state."""
    outbox(session).messages.append(Message(EVERYBODY, live(event).as_dict()))


def live(event: DomainEvent) -> Envelope:
    """An envelope that is never replayed."""
    return Envelope(None, event.type, now(), event.data())


def envelope(row: Event) -> Envelope:
    """What a client gets of a stored event."""
    return Envelope(row.id, row.type, row.at, row.data)


def events_after(session: Session, user_id: int, after: int, limit: int = 100) -> Sequence[Event]:
    """At most `limit` events of the user with an id above `after`, oldest first."""
    query = select(Event).where(Event.user_id == user_id, Event.id > after).order_by(Event.id).limit(limit)
    return session.scalars(query).all()


def last_event_id(session: Session, user_id: int) -> int:
    """The id of the user's newest event, 0 when there is none."""
    return session.scalar(select(User.last_event_id).where(User.id == user_id)) or 0


def _numbered(session: Session, facts: Sequence[Fact]) -> list[Event]:
    """Rows that are in no session: the next ids of their users, all at the same moment."""
    counts = Counter(user_id for user_id, _ in facts)
    newest = _count(session, counts)
    following = {user_id: newest[user_id] - count for user_id, count in counts.items()}
    rows, at = [], now()
    for user_id, event in facts:
        following[user_id] += 1
        rows.append(Event(user_id=user_id, id=following[user_id], type=event.type, at=at, data=event.data()))
    return rows


def _count(session: Session, counts: Counter[int]) -> dict[int, int]:
    """Raise the users' counters, and return where they stand now."""
    added = values(column("id", Integer), column("n", Integer), name="added").data(list(counts.items()))
    locked = select(User.id).where(User.id.in_(counts)).order_by(User.id).with_for_update(key_share=True)
    locks = locked.cte("locked")
    raised = (
        update(User)
        .where(User.id == locks.c.id, locks.c.id == added.c.id)
        .values(last_event_id=User.last_event_id + added.c.n, updated_at=User.updated_at)
        .returning(User.id, User.last_event_id)
    )
    rows = session.execute(raised, execution_options={"synchronize_session": False})
    return {row.id: row.last_event_id for row in rows}


def _columns(row: Event) -> dict[str, object]:
    return {"user_id": row.user_id, "id": row.id, "type": row.type, "at": row.at, "data": row.data}
