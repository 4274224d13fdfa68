"""The durable log of what a learner is told, and the live push that follows the commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.bus import Message
from core.db import now
from core.events import EVERYBODY, DomainEvent, Envelope, user_room
from core.models.event import Event
from core.models.user import User
from core.outbox import outbox
from core.services.deliveries import schedule_deliveries

Fact = tuple[int, DomainEvent]  # whom it is told, and what

# One round trip, because every request and every verdict makes it: raise the users' counters in the order of their ids,
# and number the facts of each user from where its counter stood.
APPEND = text("""
WITH facts AS (
  SELECT * FROM unnest(CAST(:user_ids AS integer[]), CAST(:types AS text[]), CAST(:data AS jsonb[]))
    WITH ORDINALITY AS fact (user_id, type, data, n)
), added AS (
  SELECT user_id, count(*) AS number FROM facts GROUP BY user_id
), locked AS (
  SELECT id FROM users WHERE id IN (SELECT user_id FROM added) ORDER BY id FOR NO KEY UPDATE
), counted AS (
  UPDATE users SET last_event_id = last_event_id + added.number
  FROM locked JOIN added ON added.user_id = locked.id WHERE users.id = locked.id
  RETURNING users.id AS user_id, users.last_event_id - added.number AS before
), numbered AS (
  SELECT user_id, before + row_number() OVER (PARTITION BY user_id ORDER BY n) AS id, type, data, n
  FROM facts JOIN counted USING (user_id)
), stored AS (
  INSERT INTO events (user_id, id, type, at, data) SELECT user_id, id, type, :at, data FROM numbered
)
SELECT n, id FROM numbered
""")


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
    at = now()
    ids = _numbered(session, facts, at)
    rows = [
        Event(user_id=user_id, id=event_id, type=event.type, at=at, data=event.data())
        for (user_id, event), event_id in zip(facts, ids, strict=True)
    ]
    schedule_deliveries(session, rows)
    messages = [Message(user_room(row.user_id), envelope(row).as_dict()) for row in rows]
    outbox(session).messages.extend(messages)


def broadcast(session: Session, event: DomainEvent, room: str = EVERYBODY) -> None:
    """Push `event` to everybody in `room` after the commit. Live only: whoever is away reads the newer state."""
    outbox(session).messages.append(Message(room, live(event).as_dict()))


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


def _numbered(session: Session, facts: Sequence[Fact], at: datetime) -> list[int]:
    """Write the rows; their ids, in the order of the facts."""
    given = {
        "user_ids": [user_id for user_id, _ in facts],
        "types": [event.type for _, event in facts],
        "data": [json.dumps(event.data()) for _, event in facts],
        "at": at,
    }
    session.flush()
    rows = session.execute(APPEND, given).all()
    return [row.id for row in sorted(rows, key=lambda row: row.n)]
