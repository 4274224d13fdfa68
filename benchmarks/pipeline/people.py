"""Who hands in what: learners and an author with accounts, and challenges with right and wrong answers."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.pipeline.stack import Stack

TOKEN_LIFE = 8 * 60.0  # seconds after which tokens are renewed; the API's live 15 minutes
CHOICES, PROGRAMS, TESTS = 40, 10, 5


@dataclass
class People:
    """The learners' tokens, renewed before they expire."""

    stack: Stack
    pairs: list[dict[str, Any]] = field(default_factory=list)
    made_at: float = field(default_factory=time.monotonic)

    @property
    def tokens(self) -> list[str]:
        return [pair["access_token"] for pair in self.pairs]

    def renew_when_old(self) -> None:
        """Trade the refresh tokens for new ones before the access tokens end."""
        if time.monotonic() - self.made_at < TOKEN_LIFE:
            return
        self.pairs = [
            self.stack.call("POST", "/api/auth/refresh", {"refresh_token": pair["refresh_token"]})
            for pair in self.pairs
        ]
        self.made_at = time.monotonic()


def learners(stack: Stack, count: int) -> People:
    """Register them as a person would. The limit of 120 a minute holds here, too."""
    word = secrets.token_hex(3)
    people = People(stack)
    for number in range(count):
        name = f"bench-{word}-{number}"
        account = {"username": name, "email": f"{name}@example.com", "password": secrets.token_urlsafe(12)}
        people.pairs.append(stack.call("POST", "/api/auth/register", account))
    return people


def author_token(stack: Stack) -> str:
    """An author's access token."""
    name, password = f"author-{secrets.token_hex(3)}", secrets.token_urlsafe(12)
    named = ["--username", name, "--email", f"{name}@example.com", "--role", "author"]
    stack.flask("create-user", *named, "--password-stdin", typed=f"{password}\n")
    return stack.call("POST", "/api/auth/login", {"login": name, "password": password})["access_token"]


def challenges(stack: Stack, token: str) -> dict[str, list[dict[str, Any]]]:
    """Published challenges by kind of work, each with the bodies of a right and of a wrong submission."""
    return {
        "knowledge": [_made(stack, token, _choice(number)) for number in range(CHOICES)],
        "python": [_made(stack, token, _program(number)) for number in range(PROGRAMS)],
    }


def _made(stack: Stack, token: str, parts: tuple[dict[str, Any], Any, Any]) -> dict[str, Any]:
    challenge, right, wrong = parts
    row = stack.call("POST", "/api/challenges/", challenge, token)
    bodies = {name: json.dumps({"answer": answer}) for name, answer in (("right", right), ("wrong", wrong))}
    return {"id": row["id"], **bodies}


def _choice(number: int) -> tuple[dict[str, Any], Any, Any]:
    options = [{"id": word, "text": f"Answer {word} to {number}", "correct": word == "b"} for word in "abcd"]
    return (
        _challenge(f"Question {number}", "choice", {"options": options}),
        {"selected": ["b"]},
        {"selected": ["c"]},
    )


def _program(number: int) -> tuple[dict[str, Any], Any, Any]:
    cases = [{"input": f"{n} {n + number}\n", "output": f"{2 * n + number}\n"} for n in range(TESTS)]
    groups = [{"name": "main", "points": 100, "scoring": "sum", "cases": cases}]
    spec = {"languages": ["python"], "limits": {"cpu_seconds": 2, "memory_mb": 128}, "groups": groups}
    source = "a, b = map(int, input().split())\nprint(a {} b)  # NUMBER\n"
    right, wrong = ({"language": "python", "source": source.format(sign)} for sign in "+-")
    return _challenge(f"Sum {number}", "code.batch", spec), right, wrong


def _challenge(title: str, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "description": "A challenge of the benchmark.",
        "difficulty": "beginner",
        "points": 10,
        "kind": kind,
        "spec": spec,
        "state": "published",
    }
