"""From case results to one report. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from core.errors import InfrastructureError
from core.grading import CaseResult, GradeReport, Verdict


def summarise(results: Sequence[CaseResult], weights: Mapping[str, float] | None = None) -> GradeReport:
    """The report of `results`.

    `weights` maps a group's name to its points and holds the groups in full; each group's score is the mean
    of its cases' scores. Without weights all cases weigh the same. Raises InfrastructureError when nothing
    was graded: no result is our failure, never a pass.
    """
    if not results:
        raise InfrastructureError("The grader gave no result.")
    score = round(_score(results, weights), 6)
    compile_output = next((r.feedback for r in results if r.verdict is Verdict.COMPILE_ERROR), None)
    return GradeReport(overall(results, score), score, tuple(results), compile_output)


def exact(number: float) -> Fraction:
    """`number` as it is written: 0.1 means a tenth."""
    return Fraction(str(number))


def verdict_of(score: Fraction) -> Verdict:
    """accepted at 1, wrong_answer at 0, partially_accepted between."""
    if score >= 1:
        return Verdict.ACCEPTED
    return Verdict.PARTIALLY_ACCEPTED if score > 0 else Verdict.WRONG_ANSWER


def overall(results: Sequence[CaseResult], score: float) -> Verdict:
    """accepted: every case was; partially_accepted: some of the score; else the first failure's verdict."""
    failed = next((r.verdict for r in results if r.verdict is not Verdict.ACCEPTED), None)
    if failed is None:
        return Verdict.ACCEPTED
    if failed in (Verdict.COMPILE_ERROR, Verdict.INTERNAL_ERROR):
        return failed
    if score > 0:
        return Verdict.PARTIALLY_ACCEPTED
    return Verdict.WRONG_ANSWER if failed is Verdict.PARTIALLY_ACCEPTED else failed


def _score(results: Sequence[CaseResult], weights: Mapping[str, float] | None) -> float:
    if weights is None:
        return sum(r.score for r in results) / len(results)
    total = sum(weights.values())
    return sum(w * _group_score(results, g) for g, w in weights.items()) / total if total else 0.0


def _group_score(results: Sequence[CaseResult], group: str) -> float:
    scores = [r.score for r in results if r.group == group]
    return sum(scores) / len(scores) if scores else 0.0
