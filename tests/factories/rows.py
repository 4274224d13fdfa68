"""Rows for tests: each is valid as it comes, and takes what the test is about as keywords."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from core.models.challenge import Category, Challenge
from core.models.submission import Submission
from core.models.user import User
from core.services.revisions import first_revision
from core.services.submissions import NewSubmission, create_submission
from core.words import ChallengeState, Difficulty
from graders.knowledge.text import TextGrader

_number = count(1)
TEXT = TextGrader()
RIGHT, WRONG = {"text": "Paris"}, {"text": "London"}


def user(session: Session, **fields: Any) -> User:
    n = next(_number)
    defaults = {
        "username": f"ada{n}",
        "email": f"ada{n}@example.org",
        "display_name": "Ada",
        "password_hash": "x",
    }
    return _added(session, User(**{**defaults, **fields}))


def category(session: Session, **fields: Any) -> Category:
    return _added(session, Category(**{"name": f"Geography {next(_number)}", **fields}))


def challenge(session: Session, **fields: Any) -> Challenge:
    """A published question of kind text whose answer is Paris."""
    defaults = {
        "title": "Capital of France",
        "difficulty": Difficulty.BEGINNER,
        "points": 10,
        "kind": TEXT.kind,
        "spec": {"accept": [{"text": "Paris"}], "ignore_case": True},
        "tags": [],
        "state": ChallengeState.PUBLISHED,
    }
    made = _added(session, Challenge(**{**defaults, **fields}))
    first_revision(session, made)
    return made


def submission(session: Session, by: User, to: Challenge, answer: dict[str, Any] = RIGHT) -> Submission:
    """A queued submission, made the way learners make it."""
    made = create_submission(session, by, to, TEXT, NewSubmission(answer))
    session.flush()
    return made


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
