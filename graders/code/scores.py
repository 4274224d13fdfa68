"""From the results of test groups to the report of a submission. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.grading import CaseResult, GradeReport, Verdict
from graders.code.spec import Group
from graders.scoring import overall, summarise


def grouped_report(groups: Sequence[Group], results: list[CaseResult]) -> GradeReport:
    """The report of results that belong to groups. Raises InfrastructureError when there are none."""
    report = summarise(results)
    if results[0].verdict is Verdict.COMPILE_ERROR:
        return report
    score = round(weighted_score(groups, results), 6)
    return replace(report, score=score, verdict=overall(results, score))


def weighted_score(groups: Sequence[Group], results: list[CaseResult]) -> float:
    """0..1. Groups weigh their points; when no group has any, all weigh the same."""
    weights = [group.points for group in groups]
    if not any(weights):
        weights = [1.0] * len(groups)
    scores = [group.score([r.score for r in results if r.group == group.name]) for group in groups]
    return sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)
