"""Challenges for the tests of the API, made through it."""

from __future__ import annotations

from core.models.challenge import Challenge
from core.models.submission import Submission
from core.services.accounts import get_user
from core.services.submissions import NewSubmission, create_submission
from graders.registry import grader_for

CHOICE = {
    "multiple": False,
    "options": [{"id": "a", "text": "four", "correct": True}, {"id": "b", "text": "five"}],
}
SUM = {
    "title": "Two and two",
    "description": "How much is **two and two**?",
    "difficulty": "beginner",
    "points": 10,
    "kind": "choice",
    "spec": CHOICE,
    "tags": ["arithmetic"],
    "state": "published",
    "attempts_max": 3,
}


def make(author, **changes) -> str:
    """The path of a new challenge."""
    answer = author.post("/challenges", SUM | changes)
    assert answer.status_code == 201, answer.get_json()
    return answer.headers["Location"].removeprefix("/api")


def number_of(path: str) -> int:
    return int(path.rsplit("/", 1)[1])


def row_of(database, path) -> Challenge:
    return database.get(Challenge, number_of(path))


def submit(database, learner, path, answer=None) -> Submission:
    """Hand an answer in, without the API."""
    challenge = row_of(database, path)
    user = get_user(database, learner.username)
    new = NewSubmission(answer=answer or {"selected": ["a"]})
    submission = create_submission(database, user, challenge, grader_for(challenge.kind), new)
    database.commit()
    return submission
