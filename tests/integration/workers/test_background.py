"""What a worker makes of one rejudged answer, in this process."""

import pytest

from core.bus import InMemoryBus
from core.grading import Lane, Queue
from core.models.batch import Grading
from core.outbox import Ports
from core.queue import InMemoryQueue
from core.services.challenges import update_challenge
from core.services.claims import claim_submissions
from core.services.grading import finish_gradings
from core.services.rejudges import Wish, start_rejudge
from core.words import GradingStatus
from graders.registry import grader_for
from tests.factories import rejudged, rows
from workers.background import grade_in_background
from workers.runtime import Runtime

OPTIONS = [{"id": "a", "text": "Paris", "correct": True}, {"id": "b", "text": "Rome"}]
CHOICE = {"options": OPTIONS}


@pytest.fixture
def regraded(desk):
    """`regraded(spec)` is the grading of a wrong answer to CHOICE once `spec` has taken its place."""

    def grade(spec):
        with desk.sessions.begin() as session:
            challenge, grader = rows.challenge(session, kind="choice", spec=CHOICE), grader_for("choice")
            answer = rows.NewSubmission({"selected": ["b"]})
            rows.create_submission(session, rows.user(session), challenge, grader, answer)
            claims = claim_submissions(session, Lane(Queue.KNOWLEDGE), "w")
            finish_gradings(session, [(claim, rejudged.report(0.0)) for claim in claims])
            update_challenge(session, challenge, {"spec": spec})
            start_rejudge(session, challenge, grader, Wish(), None)
        runtime = Runtime(desk.sessions, Ports(InMemoryQueue(), InMemoryBus()))
        grade_in_background(runtime, Lane(Queue.REJUDGES))
        with desk.sessions() as session:
            return session.query(Grading).one()

    return grade


def test_an_answer_is_graded_by_the_key_of_the_target(regraded):
    grading = regraded({"options": [OPTIONS[0] | {"correct": False}, OPTIONS[1] | {"correct": True}]})
    assert (grading.status, grading.verdict, grading.score) == (GradingStatus.GRADED, "accepted", 1.0)


def test_an_answer_that_fits_the_target_no_longer_fails_at_once(regraded):
    grading = regraded({"options": [OPTIONS[0], {"id": "c", "text": "Lyon"}]})
    assert (grading.status, grading.grading_attempt) == (GradingStatus.FAILED, 1)
    assert grading.failure.startswith("The answer does not fit this revision. answer.selected")
