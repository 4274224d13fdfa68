"""What is told of the answers to one revision, in one piece."""

from __future__ import annotations

from dataclasses import dataclass

from api.answer_analysis import PartAnalysis
from core.disclosure import Distribution, Figure
from core.services.statistics import Tests, Totals


@dataclass(frozen=True, slots=True)
class Concern:
    """Something an author should look at: a stable word, and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class StatisticsReport:
    """`sampled` learners are behind discrimination and answers. `tests` is None for what has but one result."""

    challenge_id: int
    revision: int
    totals: Totals
    discrimination: Figure
    upper_lower: Figure
    sampled: int | None
    verdicts: Distribution
    scores: Distribution
    languages: Distribution
    answers: list[PartAnalysis]
    tests: Tests | None
    concerns: tuple[Concern, ...] = ()
