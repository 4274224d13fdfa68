"""What learners answered: how often each value comes, and who gives it. What an answer says, its kind knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from core.disclosure import SMALLEST, Cell, Others, disclose
from core.services.statistics import FirstAnswer
from graders.base import Grader

# Characters of a value that are shown.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class ValueAnalysis:
    """`learners` gave this value, `share` (0..1) of those who answered; their mean score and mean rest score.

    `rest_score` is None unless SMALLEST of them have one.
    """

    value: str
    learners: int
    share: float
    score: float | None
    rest_score: float | None


@dataclass(frozen=True, slots=True)
class PartAnalysis:
    """The values of one part of the answer. Learners who selected several things count with each of them."""

    part: str
    learners: int
    values: tuple[ValueAnalysis, ...]
    others: Others | None


def analyse_answers(
    grader: Grader, spec: Mapping[str, Any], firsts: Iterable[FirstAnswer]
) -> list[PartAnalysis]:
    """The parts that SMALLEST learners or more answered, in the order of their names."""
    given: dict[str, dict[str, list[FirstAnswer]]] = defaultdict(lambda: defaultdict(list))
    answered: dict[str, int] = defaultdict(int)
    for first in firsts:
        for part, said in _said(grader, spec, first).items():
            answered[part] += 1
            for value in said:
                given[part][value].append(first)
    for part, offered in grader.offered_values(spec).items():
        for value in offered:
            given[part].setdefault(value, [])
    return [_part(part, answered[part], given[part]) for part in sorted(given) if answered[part] >= SMALLEST]


def _said(grader: Grader, spec: Mapping[str, Any], first: FirstAnswer) -> dict[str, list[str]]:
    if first.answer is None:
        return {}
    try:
        return grader.answer_values(spec, first.answer)
    except (LookupError, TypeError, ValueError):  # it was given to another text, and judged again by this one
        return {}


def _part(part: str, learners: int, given: Mapping[str, Sequence[FirstAnswer]]) -> PartAnalysis:
    told = disclose(Cell(value, len(by), frozenset(one.learner for one in by)) for value, by in given.items())
    values = tuple(_value(cell.value, given[cell.value], learners) for cell in told.cells)
    return PartAnalysis(part, learners, values, told.others)


def _value(value: str, by: Sequence[FirstAnswer], learners: int) -> ValueAnalysis:
    rests = [first.rest for first in by if first.rest is not None]
    return ValueAnalysis(
        value=value if len(value) <= SHOWN else f"{value[:SHOWN]}…",
        learners=len(by),
        share=len(by) / learners,
        score=fmean(first.score for first in by) if by else None,
        rest_score=fmean(rests) if len(rests) >= SMALLEST else None,
    )
