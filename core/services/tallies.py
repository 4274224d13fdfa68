"""The figures of the whole cluster: processes add to them, the metrics endpoint reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from core.models.tally import Tally
from core.tallies import BUCKETS, OVERFLOW, SUM, TALLIES, WHOLE, Series, Tallies


@dataclass(slots=True)
class Figure:
    """A counter's `value`, or a histogram: `buckets` by upper bound, not cumulative, and their `sum` in seconds."""

    name: str
    labels: dict[str, str]
    value: float = 0.0
    sum: float = 0.0
    buckets: dict[str, float] = field(default_factory=dict)

    @property
    def count(self) -> float:
        """How many durations a histogram holds."""
        return sum(self.buckets.values())

    def cumulative(self) -> list[tuple[str, float]]:
        """The buckets as Prometheus wants them: each with all that are below it."""
        bounds = [*(f"{bound:g}" for bound in BUCKETS), OVERFLOW]
        return list(zip(bounds, accumulate(self.buckets.get(bound, 0.0) for bound in bounds), strict=True))


def flush(sessions: sessionmaker[Session], tallies: Tallies = TALLIES) -> None:
    """Add what this process gathered since the last flush. Raises SQLAlchemyError; then it still has the figures.

    A commit whose answer is lost with the connection may count twice: a figure may, a submission may not.
    """
    figures = tallies.take()
    if not figures:
        return
    try:
        with sessions.begin() as session:
            add_tallies(session, figures)
    except BaseException:
        tallies.add(figures)
        raise


def add_tallies(session: Session, figures: Mapping[Series, float]) -> None:
    """Add `figures` to what is stored, in one statement and in a fixed order: two processes cannot deadlock."""
    rows = [
        {"name": series.name, "labels": series.labels, "part": series.part, "value": amount}
        for series, amount in sorted(figures.items())
    ]
    more = insert(Tally).values(rows)
    key = [Tally.name, Tally.labels, Tally.part]
    session.execute(
        more.on_conflict_do_update(index_elements=key, set_={"value": Tally.value + more.excluded.value})
    )


def read_tallies(session: Session, *names: str) -> list[Figure]:
    """The stored figures, all or those of `names`, sorted by name and labels."""
    query = select(Tally.name, Tally.labels, Tally.part, Tally.value).order_by(Tally.name, Tally.labels)
    if names:
        query = query.where(Tally.name.in_(names))
    figures: dict[tuple[str, str], Figure] = {}
    for name, labels, part, value in session.execute(query):
        figure = figures.setdefault((name, labels), Figure(name, json.loads(labels)))
        _put(figure, part, value)
    return list(figures.values())


def _put(figure: Figure, part: str, value: float) -> None:
    if part == WHOLE:
        figure.value = value
    elif part == SUM:
        figure.sum = value
    else:
        figure.buckets[part] = value
