"""How much of everything a run does."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.fill import Size


@dataclass(frozen=True)
class Plan:
    """Counts, rates (per second) and seconds."""

    learners: int = 100
    rounds: int = 5
    raw: int = 4000
    knowledge: int = 2000
    python: int = 200
    connections: int = 8
    knowledge_rates: tuple[int, ...] = (10, 25, 50, 100)
    python_rates: tuple[int, ...] = (2, 5, 10)
    seconds: float = 15.0
    size: Size = field(default_factory=Size)
    requests: int = 200


QUICK = Plan(
    learners=60,
    rounds=2,
    raw=1500,
    knowledge=400,
    python=40,
    knowledge_rates=(50,),
    python_rates=(5,),
    seconds=3.0,
    size=Size(users=1000, submissions=20_000),
    requests=6,
)
