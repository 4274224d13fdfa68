"""The whole application as real processes, with an author's challenges in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.people import Person, author, learner
from tests.support.processes import ProcessFactory, WebProcess, WorkerProcess

LIMITS = {"cpu_seconds": 1.0, "memory_mb": 64, "output_kb": 64}
ADD = {
    "languages": ["python"],
    "limits": LIMITS,
    "groups": [
        {"name": "sample", "sample": True, "points": 0, "cases": [{"input": "1 2\n", "output": "3\n"}]},
        {"name": "main", "points": 100, "cases": [{"input": "20 22\n", "output": "42\n"}]},
    ],
}
CHOICE = {"options": [{"id": "a", "text": "Paris", "correct": True}, {"id": "b", "text": "Rome"}]}


@dataclass
class Site:
    """A running application and the people in it."""

    web: Any
    author: Person

    def learner(self) -> Person:
        return learner(self.web.url)

    def challenge(self, kind: str, spec: dict[str, Any], **fields: Any) -> int:
        """A published challenge worth 100 points; returns its id."""
        body = {
            "title": kind,
            "description": "What is asked.",
            "difficulty": "beginner",
            "points": 100,
            "kind": kind,
            "spec": spec,
            "state": "published",
        }
        return self.author.make("/challenges/", **{**body, **fields})["id"]

    def addition(self, **fields: Any) -> int:
        return self.challenge("code.batch", ADD, **fields)

    def question(self, **fields: Any) -> int:
        return self.challenge("choice", CHOICE, **fields)


@pytest.fixture(scope="module")
def standing(settings_env, tmp_path_factory):
    """A web process and a worker that the tests of a file share, because starting them takes seconds."""
    logs = tmp_path_factory.mktemp("standing")
    web = ProcessFactory("web", WebProcess, settings_env, logs)
    workers = ProcessFactory("worker", WorkerProcess, settings_env, logs)
    try:
        yield web(), workers()
    finally:
        workers.stop_all()
        web.stop_all()


@pytest.fixture
def staffed(standing, database_url):
    """A site with a worker. The test must not break it: others use it too."""
    web, _ = standing
    return Site(web, author(web.url, database_url))


@pytest.fixture
def site(app_process, database_url):
    """A web process of the test's own: it starts the workers and sweepers that it needs, and may break them."""
    web = app_process()
    return Site(web, author(web.url, database_url))
