"""Parts of a multipart that were right need no answering again."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from core.grading import Lane, Queue
from core.models.submission import Submission
from core.services.carry_over import completed_answer, finished_parts
from core.services.claims import claim_submissions
from core.services.grading import finish_gradings
from graders.registry import grader_for
from tests.factories import rows

CITY = {"kind": "text", "spec": {"accept": [{"text": "Paris"}]}}
SPEC = {
    "parts": [
        {"id": "a", "required": True, **CITY},
        {"id": "b", "kind": "true_false", "spec": {"correct": True}},
    ]
}
RIGHT, WRONG = {"text": "Paris"}, {"text": "Rome"}


@pytest.fixture
def multipart(database):
    made = rows.challenge(database, kind="multipart", spec=SPEC, points=10)
    database.commit()
    return made


@pytest.fixture
def answer(database, learner, multipart, problem):
    """`answer(**parts)` hands in and has it graded; returns the stored answer and the score."""

    def make(**parts):
        sent = learner.post(f"/challenges/{multipart.id}/submissions", {"answer": {"parts": parts}})
        assert sent.status_code == 202, sent.get_json()
        grader = grader_for("multipart")
        for claim in claim_submissions(database, Lane(Queue.KNOWLEDGE), "w"):
            report = grader.summarise(claim.spec, list(grader.validate_submission(claim.spec, claim.answer)))
            finish_gradings(database, [(claim, report)])
        database.commit()
        row = database.get(Submission, sent.get_json()["id"], populate_existing=True)
        return row.answer["parts"], row.score

    return make


def shown(learner, multipart):
    return learner.get(f"/challenges/{multipart.id}")


def test_only_what_is_unfinished_is_answered_again_and_the_stored_answer_is_whole(learner, answer):
    assert answer(a=RIGHT, b={"value": False}) == ({"a": RIGHT, "b": {"value": False}}, 0.5)
    assert answer(b={"value": True}) == ({"a": RIGHT, "b": {"value": True}}, 1.0)


def test_a_part_that_was_wrong_is_not_carried_over(learner, answer, multipart, problem):
    answer(a=WRONG, b={"value": True})
    refused = learner.post(
        f"/challenges/{multipart.id}/submissions", {"answer": {"parts": {"b": {"value": True}}}}
    )
    assert problem(refused, 422, "invalid_answer")["errors"].keys() == {"answer.parts"}


def test_learners_read_which_parts_are_finished(learner, answer, multipart):
    before = shown(learner, multipart)
    answer(a=RIGHT)
    after = shown(learner, multipart)
    assert (before.get_json()["finished_parts"], after.get_json()["finished_parts"]) == ([], ["a"])
    assert before.headers["ETag"] != after.headers["ETag"]


def test_another_learners_parts_are_not_carried_over(person, answer, multipart):
    answer(a=RIGHT, b={"value": True})
    assert shown(person(), multipart).get_json()["finished_parts"] == []


def test_kinds_without_carry_over_cost_no_query(session):
    user, question = rows.user(session), rows.challenge(session)
    asked = []
    event.listen(session.connection(), "before_cursor_execute", lambda *call: asked.append(call))
    assert completed_answer(session, user.id, question, grader_for("text"), RIGHT) == RIGHT
    assert finished_parts(session, user.id, question, grader_for("text")) == ()
    assert asked == []
    session.scalars(select(Submission)).all()
    assert asked
