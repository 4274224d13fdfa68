"""What processes without an HTTP port count and time, gathered in memory until it is added to the database.

It knows no database, so that anything may count without waiting; core.flusher carries the figures away.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

# Names of the figures, as Prometheus knows them; docs/observability.md says what each counts.
ENDED = "creathon_submissions_ended_total"  # status, verdict
REDELIVERED = "creathon_redelivered_total"
SWEPT = "creathon_swept_total"  # reason: expired, stranded
FENCED_OUT = "creathon_fenced_out_total"
POISONED = "creathon_poisoned_total"
SENT = "creathon_deliveries_sent_total"  # channel
GRADING = "creathon_grading_seconds"  # kind, language (empty for questions): from the claim to the verdict
SANDBOX_START = "creathon_sandbox_start_seconds"

# Upper bounds in seconds: from a knowledge question (2 ms) to a program with many slow tests.
BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
OVERFLOW = "+Inf"
SUM = "sum"
WHOLE = ""


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """One number. `labels` is a JSON object with sorted keys. `part` is empty for a counter; a histogram has one
    part for each bucket, named by its upper bound and not cumulative, and the part `sum`."""

    name: str
    labels: str
    part: str = WHOLE


class Tallies:
    """Adds up; safe in threads. A forked child begins with nothing, the parent keeps what it has."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._gathered: defaultdict[Series, float] = defaultdict(float)

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add `amount` to the counter."""
        self.add({Series(name, _text(labels)): amount})

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Add one duration to the histogram."""
        text = _text(labels)
        self.add({Series(name, text, bucket(seconds)): 1, Series(name, text, SUM): seconds})

    def add(self, figures: Mapping[Series, float]) -> None:
        """Add figures; also puts back what `take` took and could not be stored."""
        with self._lock:
            for series, amount in figures.items():
                self._gathered[series] += amount

    def take(self) -> dict[Series, float]:
        """What gathered since the last call, which is then forgotten."""
        with self._lock:
            taken, self._gathered = dict(self._gathered), defaultdict(float)
        return taken

    def forget(self) -> None:
        """In a forked child: what gathered is the parent's, and so may be whoever holds the lock."""
        self._lock = Lock()
        self._gathered = defaultdict(float)


def bucket(seconds: float) -> str:
    """The name of the bucket that a duration falls into: its upper bound."""
    return next((f"{bound:g}" for bound in BUCKETS if seconds <= bound), OVERFLOW)


def _text(labels: Mapping[str, str]) -> str:
    return json.dumps(labels, sort_keys=True)


TALLIES = Tallies()
os.register_at_fork(after_in_child=TALLIES.forget)
