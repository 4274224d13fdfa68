"""What of a learner's last graded answer need not be answered again, for the kinds that have such parts.

The stored answer is whole, so that it grades alike for ever and grading knows no earlier submission.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.grading import Grader, Verdict
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.words import SubmissionStatus


@dataclass(frozen=True, slots=True)
class Earlier:
    """The learner's last graded answer to the present revision, and the names of its accepted results."""

    answer: dict[str, Any]
    finished: tuple[str, ...]


def finished_parts(session: Session, user_id: int, challenge: Challenge, grader: Grader) -> tuple[str, ...]:
    """The parts that need no answer any more; none for kinds without carry-over, and without a query."""
    earlier = _earlier(session, user_id, challenge) if grader.carries_over else None
    return earlier.finished if earlier else ()


def completed_answer(
    session: Session, user_id: int, challenge: Challenge, grader: Grader, answer: Any
) -> Any:
    """`answer` with the finished parts that it leaves out; unchanged for kinds without carry-over, without a query."""
    earlier = _earlier(session, user_id, challenge) if grader.carries_over else None
    if earlier is None or not earlier.finished:
        return answer
    return grader.completed(challenge.spec, answer, earlier.answer, earlier.finished)


def _earlier(session: Session, user_id: int, challenge: Challenge) -> Earlier | None:
    graded = (
        select(Submission.answer, Submission.results)
        .where(Submission.user_id == user_id, Submission.challenge_id == challenge.id)
        .where(Submission.revision == challenge.revision, Submission.status == SubmissionStatus.GRADED)
        .order_by(Submission.id.desc())
        .limit(1)
    )
    if (row := session.execute(graded).one_or_none()) is None:
        return None
    right = (result["name"] for result in row.results or () if result["verdict"] == Verdict.ACCEPTED)
    return Earlier(row.answer, tuple(right))
