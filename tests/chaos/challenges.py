"""What learners are asked in a chaos run, and answers whose verdict is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

POINTS = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and the verdicts that are right for it; `weight` is how often it is given."""

    weight: float
    body: Mapping[str, Any]
    verdicts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Challenge:
    kind: str
    spec: Mapping[str, Any]
    answers: tuple[Answer, ...]


def _answer(weight: float, body: Mapping[str, Any], *verdicts: str) -> Answer:
    return Answer(weight, body, frozenset(verdicts))


def _python(weight: float, source: str, *verdicts: str) -> Answer:
    return _answer(weight, {"language": "python", "source": source}, *verdicts)


_SUM = "a, b = map(int, input().split())\nprint(a + b)\n"
_FILLS_ITS_DISK = """
for number in range(40):
    with open(f"/tmp/{number}", "wb") as file:
        file.write(b"x" * 8_000_000)
"""

CHALLENGES = {
    "capital": Challenge(
        "text",
        {"accept": [{"text": "Paris"}, {"text": "Lutetia", "weight": 0.5}], "ignore_case": True},
        (
            _answer(6, {"text": "Paris"}, "accepted"),
            _answer(6, {"text": "Lutetia"}, "partially_accepted"),
            _answer(6, {"text": "London"}, "wrong_answer"),
        ),
    ),
    "river": Challenge(
        "choice",
        {"options": [{"id": "a", "text": "Seine", "correct": True}, {"id": "b", "text": "Thames"}]},
        (_answer(8, {"selected": ["a"]}, "accepted"), _answer(8, {"selected": ["b"]}, "wrong_answer")),
    ),
    "sum": Challenge(
        "code.batch",
        {
            "languages": ["python"],
            # Far above what the programs need: a busy machine must not look like a slow program.
            "limits": {"cpu_seconds": 8, "wall_seconds": 40, "memory_mb": 256},
            "groups": [
                {"name": "small", "points": 50, "cases": [{"input": "1 2\n", "output": "3\n"}]},
                {"name": "large", "points": 50, "cases": [{"input": "20 22\n", "output": "42\n"}]},
            ],
        },
        (
            _python(12, _SUM, "accepted"),
            _python(8, "print(3)", "partially_accepted"),
            _python(8, "print(0)", "wrong_answer"),
            _python(4, f"import time\ntime.sleep(0.5)\n{_SUM}", "accepted"),
            _python(1, _FILLS_ITS_DISK, "runtime_error", "memory_limit_exceeded", "output_limit_exceeded"),
        ),
    ),
}
