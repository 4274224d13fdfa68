"""Submissions on a real database, sent to real workers the way the API does it, without the API."""

from __future__ import annotations

import pytest
from celery import Celery

from core.db import make_engine, session_factory
from core.grading import Lane
from core.models.submission import Submission
from core.queue import GRADE
from core.words import FINAL
from graders.registry import grader_for
from tests.factories import rows
from tests.support.processes import wait_until

ADD = {
    "languages": ["python"],
    "limits": {"cpu_seconds": 20.0, "wall_seconds": 30.0, "memory_mb": 64},
    "groups": [{"name": "main", "points": 100, "cases": [{"input": "1 2\n", "output": "3\n"}]}],
}


class Desk:
    """Hands answers in and watches what becomes of them."""

    def __init__(self, sessions, redis_url):
        self.sessions = sessions
        self._celery = Celery(broker=redis_url)
        self._celery.conf.task_ignore_result = True

    def hand_in(self, answer=rows.RIGHT, send=True, **challenge):
        """A submission of a new learner to a new challenge; returns its id."""
        with self.sessions.begin() as session:
            to = rows.challenge(session, **challenge)
            grader = grader_for(to.kind)
            made = rows.create_submission(session, rows.user(session), to, grader, rows.NewSubmission(answer))
            lane = Lane(made.queue, made.language)
        if send:
            self.send(lane)
        return made.id

    def hand_in_program(self, source, send=True, **spec):
        answer = {"language": "python", "source": source}
        return self.hand_in(answer, send, kind="code.batch", spec=ADD | spec)

    def send(self, lane):
        self._celery.send_task(GRADE, args=[lane.name], queue=lane.name)

    def read(self, submission_id):
        with self.sessions() as session:
            return session.get_one(Submission, submission_id)

    def wait_for(self, submission_id, *statuses):
        wanted = statuses or tuple(FINAL)
        wait_until(
            lambda: self.read(submission_id).status in wanted,
            f"submission {submission_id} is {' or '.join(wanted)}",
        )
        return self.read(submission_id)

    def close(self):
        self._celery.close()


@pytest.fixture
def desk(settings, redis_url):
    engine = make_engine(settings.database_url)
    desk = Desk(session_factory(engine), redis_url)
    yield desk
    desk.close()
    engine.dispose()
