"""Messages that leave the house: rows that a notifier sends at least once, with backoff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import now
from core.events import AchievementUnlocked, SubmissionGraded, SubmissionRejudged
from core.models.event import Delivery, Event
from core.models.submission import Submission
from core.models.user import TelegramAccount
from core.words import Channel

TO_TELEGRAM = frozenset({SubmissionGraded.type, SubmissionRejudged.type, AchievementUnlocked.type})
MAX_TRIES = 12
CLAIM = timedelta(seconds=60)


def schedule_deliveries(session: Session, events: Sequence[Event]) -> None:
    """Add a delivery to each chat that must hear of an event: the linked one, or where the submission came from."""
    told = _worth_telling(events)
    if not told:
        return
    linked = _linked_chats(session, {event.user_id for event in told})
    replies = _reply_chats(session, [event for event in told if event.user_id not in linked])
    for event in told:
        chat = linked.get(event.user_id) or replies.get(event.data.get("submission_id"))
        if chat is not None:
            session.add(_to_chat(event, chat))


def claim_deliveries(session: Session, channel: Channel, limit: int = 20) -> Sequence[Delivery]:
    """Deliveries that are due, taken for 60 s so that no other notifier sends them meanwhile. Oldest first."""
    due = (
        select(Delivery)
        .where(Delivery.channel == channel, Delivery.sent_at.is_(None), Delivery.dead_at.is_(None))
        .where(Delivery.due_at <= now())
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(due).all()
    for row in rows:
        row.tries += 1
        row.due_at = now() + CLAIM
    return rows


def mark_sent(session: Session, delivery_id: int) -> None:
    """It arrived."""
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(sent_at=now(), error=None))


def mark_failed(
    session: Session, delivery: Delivery, error: str, *, retry_after: float | None = None
) -> None:
    """Try again later: 1, 2, 4 ... 300 seconds, given up after 12 tries.

    With `retry_after`, in that many seconds and never given up: nothing is wrong with the message, its way is closed.
    """
    seconds = retry_after if retry_after is not None else min(2.0 ** (delivery.tries - 1), 300.0)
    values = {"error": error[:500], "due_at": now() + timedelta(seconds=seconds)}
    if delivery.tries >= MAX_TRIES and retry_after is None:
        values["dead_at"] = now()
    session.execute(update(Delivery).where(Delivery.id == delivery.id).values(values))


def mark_dead(session: Session, delivery_id: int, error: str) -> None:
    """It can never arrive, for example because the person blocked the bot."""
    session.execute(
        update(Delivery).where(Delivery.id == delivery_id).values(dead_at=now(), error=error[:500])
    )


def _worth_telling(events: Sequence[Event]) -> list[Event]:
    """Of the submissions that a rejudge changed, each learner's last alone: ten messages at once help nobody."""
    last = {event.user_id: event.id for event in events if event.type == SubmissionRejudged.type}
    return [
        event
        for event in events
        if event.type in TO_TELEGRAM
        and (event.type != SubmissionRejudged.type or last[event.user_id] == event.id)
    ]


def _to_chat(event: Event, chat_id: int) -> Delivery:
    return Delivery(user_id=event.user_id, event_id=event.id, channel=Channel.TELEGRAM, target=str(chat_id))


def _linked_chats(session: Session, user_ids: set[int]) -> dict[int, int]:
    query = select(TelegramAccount.user_id, TelegramAccount.chat_id)
    return dict(session.execute(query.where(TelegramAccount.user_id.in_(user_ids))).all())


def _reply_chats(session: Session, events: Sequence[Event]) -> dict[int | None, int | None]:
    ids = {event.data["submission_id"] for event in events if "submission_id" in event.data}
    if not ids:
        return {}
    query = select(Submission.id, Submission.reply_chat_id)
    return dict(session.execute(query.where(Submission.id.in_(ids))).all())
