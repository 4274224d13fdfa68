"""Which grading workers live, which queues they serve and which languages they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.models.event import Worker

ALIVE = timedelta(seconds=15)
FORGOTTEN = timedelta(hours=1)


def announce_worker(
    session: Session, name: str, queues: Sequence[str], languages: Mapping[str, str], *, processes: int = 1
) -> None:
    """The worker `name` lives and grades so many submissions at once. `languages` maps names to versions."""
    values = {
        "queues": list(queues),
        "languages": dict(languages),
        "processes": processes,
        "seen_at": func.clock_timestamp(),
    }
    row = insert(Worker).values(name=name, started_at=func.clock_timestamp(), **values)
    session.execute(row.on_conflict_do_update(index_elements=[Worker.name], set_=values))


def live_workers(session: Session) -> Sequence[Worker]:
    """Workers that were heard of in the last 15 seconds."""
    query = select(Worker).where(Worker.seen_at > func.clock_timestamp() - ALIVE)
    return session.scalars(query.order_by(Worker.name)).all()


def forget_worker(session: Session, name: str) -> None:
    """The worker stopped."""
    session.execute(delete(Worker).where(Worker.name == name))


def forget_silent_workers(session: Session) -> None:
    """Drop workers that were silent for an hour."""
    session.execute(delete(Worker).where(Worker.seen_at < func.clock_timestamp() - FORGOTTEN))
