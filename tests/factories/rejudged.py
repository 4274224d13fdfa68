"""Rejudges for tests: asked for, graded as the test says, settled as the sweeper does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from core.grading import CaseResult, GradeReport, Lane, Queue, Verdict
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.services.batches import claim_gradings, finish_grading, finished_batch
from core.services.claims import claim_submissions
from core.services.grading import finish_gradings
from core.services.rejudges import Scope, Wish, start_rejudge
from core.services.rejudging import settle_rejudge
from tests.factories import rows

VERDICTS = {0.0: Verdict.WRONG_ANSWER, 1.0: Verdict.ACCEPTED}


def report(score: float) -> GradeReport:
    verdict = VERDICTS.get(score, Verdict.PARTIALLY_ACCEPTED)
    return GradeReport(verdict, score, (CaseResult("answer", verdict, score),))


def graded(session: Session, by: rows.User, to: Challenge, score: float) -> Submission:
    """A submission with this score, graded the way workers do it. Nothing else may wait."""
    made = rows.submission(session, by, to)
    session.flush()
    claims = claim_submissions(session, Lane(Queue.KNOWLEDGE), "w")
    assert finish_gradings(session, [(claim, report(score)) for claim in claims]) == {made.id}
    return made


def opened(
    session: Session, challenge: Challenge, scope: Scope | None = None, target: int | None = None
) -> Batch:
    return start_rejudge(session, challenge, rows.TEXT, Wish(scope or Scope(), target), None)


def grade_all(session: Session, scores: Mapping[int, float] | Callable[[int], float]) -> None:
    """Grade what batches wait for: `scores` by submission."""
    score_of = scores if callable(scores) else scores.__getitem__
    while claims := claim_gradings(session, Lane(Queue.REJUDGES), 32):
        for claim in claims:
            submission_id = session.get_one(Grading, claim.grading_id).submission_id
            assert finish_grading(session, claim, report(score_of(submission_id or 0)))


def settle_all(session: Session) -> None:
    session.flush()
    while batch := finished_batch(session):
        settle_rejudge(session, batch)
        session.flush()


def ready(session: Session, challenge: Challenge, scores: Mapping[int, float], **wish: object) -> Batch:
    """A rejudge whose submissions got these scores, to look at or to apply."""
    batch = opened(session, challenge, **wish)  # type: ignore[arg-type]
    grade_all(session, scores)
    settle_all(session)
    return batch
