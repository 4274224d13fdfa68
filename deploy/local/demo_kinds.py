"""The demo's second part on paper: a challenge of each kind, with answers that are wrong, partly right and right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.content import ChallengeContent, Example, Solution
from core.exchange.creathon_reader import read_content
from deploy.local.demo_acts import CONTENT

RIGHT, PARTLY = "accepted", "partially_accepted"
# What every host can run that can run the demo.
LANGUAGES = ("python", "sql")
# The opinions of three learners, and what the reviewer of the demo gives for them.
ESSAYS = (
    (
        0.0,
        "wrong_answer",
        "An index makes a database fast, and I like fast databases, so everything should have one. My friend once "
        "added an index and his page was fast afterwards, which shows that it works. Nobody has ever complained to "
        "me about an index, and I have asked several people. There may be other opinions, but they are about other "
        "tables, and I have not read them.",
    ),
    (
        0.5,
        PARTLY,
        "Every index is a second structure that has to be changed whenever a row is written, so with 5 000 writes a "
        "second a second index nearly doubles the work of the disk, and it takes memory that the cache would use. "
        "That is a high price, so one should think about it before adding any. I would ask the people who write "
        "the report what they think of it.",
    ),
    (
        1.0,
        RIGHT,
        "Every index is changed with each insert, so with 5 000 writes a second each one costs disk, memory and "
        "locks all day. What it gains is that the report finds its rows without reading the whole table, but that "
        "happens once an hour. I would keep the primary key and the one index on the time that the report filters "
        "by, since reading the table each hour would cost more, and no others.",
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is handed in, the verdict that it must get, and for essays the score (0..1) that a reviewer gives."""

    answer: dict[str, Any]
    verdict: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind, the title of a challenge of that kind, and the answers: wrong, partly right, right."""

    kind: str
    challenge: str
    answers: tuple[Answer, ...]


def sheets(without: Collection[str]) -> list[Sheet]:
    """One of each kind in the sample content, programs first; those `without` are left out where there are others."""
    by_kind: dict[str, list[ChallengeContent]] = defaultdict(list)
    for challenge in read_content(CONTENT).challenges:
        by_kind[challenge.body["kind"]].append(challenge)
    order = sorted(by_kind, key=lambda kind: (not kind.startswith("code."), kind))
    return [_sheet(kind, by_kind[kind], without) for kind in order]


def _sheet(kind: str, challenges: list[ChallengeContent], without: Collection[str]) -> Sheet:
    def order(challenge: ChallengeContent) -> tuple[bool, int]:
        return challenge.body["title"] in without, -len(_answers(challenge))

    chosen = min(challenges, key=order)
    return Sheet(kind, chosen.body["title"], _answers(chosen))


def _answers(challenge: ChallengeContent) -> tuple[Answer, ...]:
    """At most three, the best last. True or false cannot be partly right."""
    if challenge.body["kind"] == "essay":
        return tuple(Answer({"text": text}, verdict, score) for score, verdict, text in ESSAYS)
    promised: dict[str, Answer] = {}
    programs = (solution for solution in challenge.solutions if solution.language in LANGUAGES)
    promises: list[Solution | Example] = [*programs, *challenge.examples]
    for given in promises:
        verdict = given.verdict.value
        step = verdict if verdict in (RIGHT, PARTLY) else "wrong"
        if step not in promised or verdict == "wrong_answer" != promised[step].verdict:
            promised[step] = Answer(dict(given.answer), verdict)
    return tuple(promised[step] for step in ("wrong", PARTLY, RIGHT) if step in promised)
