"""Which grading workers live, which queues they serve and which languages they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.models.event import Worker

ALIVE = timedelta(seconds=15)
FORGOTTEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a worker serves: queues, versions by name of the languages it runs, how many submissions at once.

    `problem` is a sentence for the operator when it serves less than it was asked to.
    """

    queues: Sequence[str]
    languages: Mapping[str, str]
    processes: int = 1
    problem: str | None = None


def announce_worker(session: Session, name: str, offer: Offer) -> None:
    """The worker `name` lives, and serves what `offer` says."""
    values = {
        "queues": list(offer.queues),
        "languages": dict(offer.languages),
        "processes": offer.processes,
        "problem": offer.problem,
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
