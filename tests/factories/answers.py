"""Graded answers of many learners, written as they stand after grading."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.db import now
from core.grading import Queue, Verdict
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.models.user import User
from core.words import SubmissionStatus
from tests.factories import rows


def learners(session: Session, number: int) -> list[User]:
    return [rows.user(session) for _ in range(number)]


def answer(session: Session, by: User, to: Challenge, score: float | None = 1.0, **fields: Any) -> Submission:
    """A graded answer to the first revision, the learner's first attempt unless `fields` say otherwise."""
    at: datetime = fields.get("queued_at", now())
    defaults = {
        "user_id": by.id,
        "challenge_id": to.id,
        "revision": 1,
        "answer": {"text": "Paris"},
        "attempt": 1,
        "status": SubmissionStatus.GRADED,
        "queue": Queue.KNOWLEDGE,
        "queued_at": at,
        "graded_at": at + timedelta(seconds=1),
        "verdict": _verdict(score),
        "score": score,
        "results": None if score is None else [result("answer", score)],
    }
    made = Submission(**{**defaults, **fields})
    session.add(made)
    session.flush()
    return made


def result(name: str, score: float, group: str = "main") -> dict[str, Any]:
    return {"name": name, "group": group, "verdict": str(_verdict(score)), "score": score}


def _verdict(score: float | None) -> Verdict | None:
    if score is None:
        return None
    if score >= 1:
        return Verdict.ACCEPTED
    return Verdict.PARTIALLY_ACCEPTED if score > 0 else Verdict.WRONG_ANSWER
