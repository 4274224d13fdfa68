"""The durable log of what a learner is told, and the live push that follows the commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.bus import Message
from core.db import now
from core.events import EVERYBODY, DomainEvent, Envelope, user_room
from core.models.event import Event
from core.models.user import User
from core.outbox import outbox
from core.services.deliveries import schedule_deliveries


def record(session: Session, user_id: int, event: DomainEvent) -> Event:
    """Append `event` to the user's log, schedule what must leave the house, and push it after the commit.

    Counting in the user's row locks it: ids are dense and their transactions commit in id order. Take other row
    locks (submission, progress) before this one.
    """
    row = Event(user_id=user_id, id=_next_id(session, user_id), type=event.type, at=now(), data=event.data())
    session.add(row)
    schedule_deliveries(session, row)
    outbox(session).messages.append(Message(user_room(user_id), envelope(row).as_dict()))
    return row


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


def _next_id(session: Session, user_id: int) -> int:
    count = (
        update(User)
        .where(User.id == user_id)
        .values(last_event_id=User.last_event_id + 1, updated_at=User.updated_at)
        .returning(User.last_event_id)
    )
    return session.execute(count, execution_options={"synchronize_session": False}).scalar_one()
