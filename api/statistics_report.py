"""All that is told of the answers to one revision: the database's figures, and what its kind reads in answers."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from api.answer_analysis import analyse_answers
from api.concerns import find_concerns
from api.statistics_shape import StatisticsReport
from core.disclosure import SMALLEST
from core.grading import Queue
from core.models.challenge import Challenge
from core.services import statistics
from core.services.revisions import get_revision
from graders.base import Grader
from graders.registry import grader_for


def report_statistics(session: Session, challenge: Challenge, number: int | None = None) -> StatisticsReport:
    """The report on revision `number` of the challenge, by default on the live one. Raises NotFound."""
    revision = get_revision(session, challenge.id, number or challenge.revision)
    grader = grader_for(revision.kind)
    overview = statistics.read_overview(session, revision)
    firsts = statistics.read_first_answers(session, overview, _countable(grader))
    correlation, index = statistics.discrimination(firsts, challenge)
    report = StatisticsReport(
        challenge_id=challenge.id,
        revision=revision.number,
        totals=overview.totals,
        discrimination=correlation,
        upper_lower=index,
        sampled=len(firsts) if len(firsts) >= SMALLEST else None,
        verdicts=overview.verdicts,
        scores=overview.scores,
        languages=overview.languages,
        answers=analyse_answers(grader, revision.spec, firsts),
        tests=statistics.read_tests(session, overview),
    )
    return replace(report, concerns=find_concerns(report))


def _countable(grader: Grader) -> bool:
    """Programs and essays are large, and no two are alike."""
    return grader.queue is Queue.KNOWLEDGE and not grader.manual
