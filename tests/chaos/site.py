"""Everything a fault may touch, and how long it took until the work went on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.chaos.database import Database
from tests.chaos.load import Load
from tests.chaos.plan import Plan
from tests.chaos.stack import Stack
from tests.chaos.streams import Stream
from tests.functional.telegram.fake_bot_api import FakeBotApi

Claims = Sequence[tuple[int, int]]
Watch = Callable[
    [], float | None
]  # waits until the harm is made good; the seconds it took, None: there was none
LONGEST = 60.0  # seconds: what has not recovered by then is reported as such, and the run goes on


@dataclass
class Site:
    """A running stack with learners in it."""

    plan: Plan
    stack: Stack
    database: Database
    load: Load
    streams: list[Stream]
    telegram: FakeBotApi
    random: Random
    messages: dict[str, list[bytes]] = field(default_factory=dict)  # seen in the queues, by queue

    def polls(self) -> int:
        """How often the bot has asked Telegram for news."""
        return self.telegram.count("getUpdates")


def seconds_of(work: Callable[[], object]) -> float:
    """How long it took."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def seconds_until(condition: Callable[[], object], longest: float = LONGEST) -> float:
    """How long it took until `condition()` was true; `longest` when it never was."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > longest:
            return longest
        time.sleep(0.05)
    return time.monotonic() - began


def until_grading(site: Site) -> Watch:
    """A watch that ends when a worker takes something; with None where nothing waits to be taken."""
    database = site.database
    began = database.now()
    taken = "SELECT EXISTS (SELECT 1 FROM submissions WHERE started_at > %s)"

    def watch() -> float | None:
        if not database.unfinished():
            return None
        return seconds_until(lambda: database.value(taken, began) or not database.unfinished())

    return watch


def until_taken_over(site: Site, claims: Claims) -> Watch:
    """A watch that ends when these claims of a dead worker are final or another's; with None where there are none."""
    return lambda: seconds_until(lambda: not site.database.still_waiting(claims)) if claims else None


def a_busy_worker(site: Site, longest: float = 2.0) -> str:
    """A worker that holds claims, if there is one soon; else any."""
    workers = list(site.stack.workers)
    site.random.shuffle(workers)
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline:
        for name in workers:
            if site.database.held_by(name):
                return name
        time.sleep(0.02)
    return workers[0]
