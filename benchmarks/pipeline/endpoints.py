"""Every endpoint that is measured on a small and on a full database, as rows of a table.

A path may name what differs between the two: {submission} and {cursor} are the learner's own, {event} an id near the
end of their log. {n} counts the requests, so that writes touch new rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LEARNER, AUTHOR, NOBODY = "learner", "author", "nobody"


@dataclass(frozen=True)
class Endpoint:
    """One kind of request. `most` bounds how often it may be sent, where the API limits a rate."""

    who: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    most: int = 10_000

    @property
    def name(self) -> str:
        whose = " (author)" if self.who == AUTHOR else ""
        return f"{self.method} {self.path}{whose}"


READ_BY_LEARNERS = """
/api/challenges/
/api/challenges/?page=3
/api/challenges/?category=3
/api/challenges/?difficulty=beginner&kind=choice
/api/challenges/?q=question%201
/api/challenges/?tag=tag-3&sort=title
/api/challenges/?status=completed
/api/challenges/?status=not_started
/api/challenges/6
/api/categories/
/api/languages
/api/graders
/api/submissions/
/api/submissions/?cursor={cursor}
/api/submissions/?status=graded
/api/submissions/?verdict=accepted
/api/submissions/?challenge_id=6
/api/submissions/{submission}
/api/progress/
/api/progress/?status=completed
/api/leaderboard
/api/leaderboard?page=2
/api/leaderboard?window=day
/api/leaderboard?window=week
/api/leaderboard?window=month
/api/leaderboard?scope=category&category=3
/api/leaderboard?scope=category&category=3&window=month
/api/users/me
/api/users/learner-7
/api/events?after=0
/api/events?after={event}
"""
READ_BY_AUTHORS = """
/api/challenges/?state=draft
/api/submissions/
/api/submissions/?status=graded
/api/submissions/?status=awaiting_review
/api/submissions/?status=cancelled
/api/submissions/?verdict=accepted
/api/submissions/?verdict=memory_limit_exceeded
/api/submissions/?verdict=compile_error&verdict=runtime_error
/api/submissions/?username=learner-7
/api/submissions/?username=learner-7&status=graded
/api/submissions/?challenge_id=6
/api/submissions/?challenge_id=6&verdict=accepted
/api/submissions/?challenge_id=6&status=awaiting_review
"""
READ_BY_ANYBODY = "/healthz /readyz /metrics"
ANSWER = {"answer": {"selected": ["b"]}}
PROGRAM = {"answer": {"language": "python", "source": "print(sum(map(int, input().split())))"}}
CHALLENGE = {
    "title": "New {n}",
    "difficulty": "beginner",
    "points": 10,
    "category_id": 3,
    "kind": "choice",
    "spec": {"options": [{"id": "a", "text": "Yes", "correct": True}, {"id": "b", "text": "No"}]},
}


def endpoints(password: str) -> Iterator[Endpoint]:
    """All of them, what reads before what writes."""
    for who, paths in ((LEARNER, READ_BY_LEARNERS), (AUTHOR, READ_BY_AUTHORS), (NOBODY, READ_BY_ANYBODY)):
        yield from (Endpoint(who, "GET", path) for path in paths.split())
    yield Endpoint(LEARNER, "POST", "/api/progress/", {"challenge_id": "{fresh}"})
    yield Endpoint(LEARNER, "POST", "/api/challenges/7/submissions", ANSWER)
    yield Endpoint(LEARNER, "POST", "/api/challenges/6/runs", PROGRAM, most=60)
    yield Endpoint(LEARNER, "PATCH", "/api/users/me", {"display_name": "Name {n}"})
    yield Endpoint(AUTHOR, "POST", "/api/challenges/", CHALLENGE, most=100)
    yield Endpoint(AUTHOR, "PATCH", "/api/challenges/9", {"title": "Renamed {n}"}, most=100)
    yield Endpoint(AUTHOR, "POST", "/api/categories/", {"name": "Shelf {n}"}, most=100)
    login = {"login": "learner-{learner}", "password": password}
    yield Endpoint(NOBODY, "POST", "/api/auth/login", login, most=100)
    account = {"username": "new-{n}", "email": "new-{n}@example.com", "password": password}
    yield Endpoint(NOBODY, "POST", "/api/auth/register", account, most=100)
