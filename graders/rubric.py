"""How a person marks an answer: by one score, or by the points of a rubric. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.errors import ValidationFailed
from core.grading import CaseResult, GradeReport
from graders.scoring import exact, verdict_of

# What the whole is called among the results of the criteria.
REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of a rubric. `points` are its most; marks are multiples of `step`, or any number without one."""

    id: str
    text: str
    points: float
    step: float | None = None

    def allows(self, points: float) -> bool:
        """Whether a reviewer may give so many."""
        return 0 <= points <= self.points and (self.step is None or not exact(points) % exact(self.step))


@dataclass(frozen=True, slots=True)
class Points:
    """What a reviewer gives for one criterion. `comment` is plain text for the learner."""

    points: float
    comment: str = ""


def by_score(score: float, feedback: str = "") -> GradeReport:
    """The report of a review that gives one score, 0..1."""
    return _report(Fraction(score), (_whole(Fraction(score), feedback),))


def by_rubric(rubric: Sequence[Criterion], given: Mapping[str, Points], feedback: str = "") -> GradeReport:
    """The report of a review by `rubric`: the points given over the points there are, and a result per criterion.

    A last result carries `feedback`, where there is any. Raises ValidationFailed unless `given` has points that each
    criterion allows, and nothing else.
    """
    if errors := _errors(rubric, given):
        raise ValidationFailed(errors)
    results = [_result(criterion, given[criterion.id]) for criterion in rubric]
    total = sum((exact(criterion.points) for criterion in rubric), Fraction(0))
    score = sum((exact(given[criterion.id].points) for criterion in rubric), Fraction(0)) / total
    return _report(score, (*results, *([_whole(score, feedback)] if feedback else [])))


def _report(score: Fraction, results: tuple[CaseResult, ...]) -> GradeReport:
    return GradeReport(verdict_of(score), round(float(score), 6), results)


def _whole(score: Fraction, feedback: str) -> CaseResult:
    return CaseResult(REVIEW, verdict_of(score), float(score), group=REVIEW, feedback=feedback or None)


def _result(criterion: Criterion, given: Points) -> CaseResult:
    score = exact(given.points) / exact(criterion.points)
    return CaseResult(
        criterion.text,
        verdict_of(score),
        float(score),
        group=criterion.id,
        feedback=given.comment or None,
    )


def _errors(rubric: Sequence[Criterion], given: Mapping[str, Points]) -> dict[str, list[str]]:
    if not rubric:
        return {"criteria": ["This challenge has no rubric; give a score from 0 to 1 instead."]}
    ids = [criterion.id for criterion in rubric]
    unknown = {
        f"criteria.{name}": [f"No such criterion: {', '.join(ids)}."] for name in given if name not in ids
    }
    missing = {f"criteria.{name}": ["Give points for this criterion."] for name in ids if name not in given}
    wrong = {
        f"criteria.{criterion.id}.points": [_wanted(criterion)]
        for criterion in rubric
        if criterion.id in given and not criterion.allows(given[criterion.id].points)
    }
    return unknown | missing | wrong


def _wanted(criterion: Criterion) -> str:
    steps = f" in steps of {criterion.step:g}" if criterion.step else ""
    return f"Must be between 0 and {criterion.points:g}{steps}."
