"""What a run will do, drawn from one seed: who hands in what, and which faults come in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.chaos.challenges import CHALLENGES

# How often each kill comes in a run of 32, and each fault that kills nothing beside them.
KILLS = {
    "worker killed": 7,
    "one process of a worker killed": 5,
    "API killed": 4,
    "sweeper killed": 4,
    "bot killed": 3,
    "Redis killed": 3,
    "Redis killed and emptied": 2,
    "PostgreSQL killed": 3,
    "everything killed at once": 1,
}
OTHERS = {
    "Redis emptied while it runs": 2,
    "messages doubled": 3,
    "messages delayed": 3,
    "worker frozen past its lease": 3,
    "sandbox's temporary folder gone": 2,
    "half of the sockets dropped": 2,
}
# One of each of the most important kinds. The bot comes first: a delivery that it held is due after a minute.
SHORT = (
    "bot killed",
    "worker killed",
    "Redis killed and emptied",
    "messages doubled",
    "API killed",
    "one process of a worker killed",
    "PostgreSQL killed",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. Times are seconds; `linked` of the learners have a Telegram chat."""

    seed: int
    submissions: int
    faults: tuple[str, ...]
    learners: int = 40
    linked: int = 4
    senders: int = 12
    in_flight: int = (
        250  # a fault waits until there are no more than this, so that recovery is not mere backlog
    )
    rest: tuple[float, float] = (0.2, 1.5)
    overlap: bool = False  # strike again before the last harm is made good
    hurry: bool = False  # treat what a killed bot had claimed as if the minute of its claim were over
    own_folder: bool = True  # the sandboxes' temporary folder is the run's own

    @property
    def kills(self) -> int:
        return sum(name in KILLS for name in self.faults)

    def waves(self) -> list[int]:
        """How many submissions set out before each fault, and after the last. The first wave is the greatest."""
        count = len(self.faults) + 1
        first = min(self.in_flight, self.submissions) // 2
        each, rest = divmod(self.submissions - first, count)
        return [each + (number < rest) + (first if number == 0 else 0) for number in range(count)]


@dataclass(frozen=True, slots=True)
class HandIn:
    """One answer on its way. `twice` is sent by an impatient client: two requests with one key at once."""

    number: int
    learner: int
    challenge: str
    answer: Mapping[str, Any]
    verdicts: frozenset[str]
    twice: bool


def full_plan(seed: int, submissions: int, kills: int) -> Plan:
    """A plan with so many kills, of all kinds, and the other faults in proportion."""
    rate = kills / sum(KILLS.values())
    names = [*_scaled(KILLS, kills), *_scaled(OTHERS, round(rate * sum(OTHERS.values())))]
    Random(seed).shuffle(names)
    return Plan(seed, submissions, tuple(names))


def short_plan(seed: int, submissions: int) -> Plan:
    """One of each of the most important faults, for the test suite."""
    small = {"learners": 6, "linked": 1, "senders": 6, "rest": (0.2, 0.8), "overlap": True}
    return Plan(seed, submissions, SHORT, hurry=True, own_folder=False, **small)  # type: ignore[arg-type]


def hand_ins(plan: Plan) -> Iterator[HandIn]:
    """All answers, in the order in which they set out."""
    random = Random(plan.seed + 1)
    choices = [(name, answer) for name, challenge in CHALLENGES.items() for answer in challenge.answers]
    weights = [answer.weight for _, answer in choices]
    for number in range(plan.submissions):
        name, answer = random.choices(choices, weights)[0]
        learner, twice = random.randrange(plan.learners), random.random() < 0.05
        yield HandIn(number, learner, name, answer.body, answer.verdicts, twice)


def _scaled(weights: Mapping[str, int], count: int) -> list[str]:
    """`count` names in proportion to their weights; every name at least once while there is room."""
    names = list(weights)[:count]
    while len(names) < count:
        names.append(max(weights, key=lambda name: weights[name] / (names.count(name) + 0.5)))
    return names
