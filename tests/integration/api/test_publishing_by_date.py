"""A draft with a date publishes itself, through the same gate, once."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import select, update

from core.grading import Verdict
from core.models.challenge import Challenge
from tests.support.sums import RIGHT, SUM, WRONG

PAST, FUTURE = "2026-01-01T00:00:00Z", "2199-01-01T00:00:00Z"
DRAFT = SUM | {"state": "draft", "publish_at": PAST}
AS_PROMISED = {RIGHT: Verdict.ACCEPTED, WRONG: Verdict.WRONG_ANSWER}
QUESTION = {"kind": "text", "spec": {"accept": [{"text": "Paris"}]}}
EXAMPLE = {"name": "accepted", "answer": {"text": "Paris"}}


def make(author, **changes):
    made = author.post("/challenges", DRAFT | changes)
    assert made.status_code == 201, made.get_json()
    return made.headers["Location"].removeprefix("/api")


def test_a_due_draft_is_published_when_its_solutions_pass(author, workshop):
    path = make(author)
    workshop.publish_due()
    assert author.get(path).get_json()["check"]["status"] == "running"
    workshop.pretend(AS_PROMISED)
    found = author.get(path).get_json()
    assert (found["state"], found["publish_at"]) == ("published", None)


def test_a_refused_one_is_not_tried_again(author, workshop):
    path = make(author)
    workshop.publish_due()
    workshop.pretend(dict.fromkeys((RIGHT, WRONG), Verdict.ACCEPTED))
    workshop.publish_due()
    found = author.get(path).get_json()
    assert (found["state"], found["publish_at"], found["check"]["status"]) == ("draft", None, "refused")
    assert len(author.get(f"{path}/checks").get_json()) == 1
    told = author.get("/events?after=0").get_json()
    assert [(one["type"], one["data"]["status"]) for one in told] == [("check.finished", "refused")]


@pytest.mark.parametrize("changes", [QUESTION | {"solutions": []}, QUESTION | {"solutions": [EXAMPLE]}])
def test_a_question_is_published_by_its_date(author, workshop, changes):
    path = make(author, **changes)
    workshop.publish_due()
    workshop.work()
    assert author.get(path).get_json()["state"] == "published"


def test_before_its_date_nothing_happens(author, workshop):
    path = make(author, solutions=[], publish_at=FUTURE)
    workshop.publish_due()
    found = author.get(path).get_json()
    assert (found["state"], found["publish_at"][:4]) == ("draft", "2199")


def test_several_sweepers_publish_it_once(author, workshop, ports):
    make(author, solutions=[])
    sweepers = [Thread(target=workshop.publish_due) for _ in range(3)]
    for one in sweepers:
        one.start()
    for one in sweepers:
        one.join()
    assert [m.event["type"] for m in ports.bus.messages] == ["challenge.published"]


def test_one_that_cannot_be_published_does_not_hold_up_the_others(author, workshop, database):
    broken, fine = make(author, solutions=[]), make(author, solutions=[])
    database.execute(
        update(Challenge).where(Challenge.id == int(broken.rsplit("/", 1)[1])).values(kind="gone")
    )
    database.commit()
    workshop.publish_due()
    assert author.get(fine).get_json()["state"] == "published"
    rows = database.scalars(select(Challenge).order_by(Challenge.id)).all()
    assert [(row.state, row.publish_at) for row in rows] == [("draft", None), ("published", None)]


def test_a_date_makes_no_sense_for_what_is_published(author, problem):
    assert "publish_at" in problem(author.post("/challenges", DRAFT | {"state": "published"}), 422)["errors"]
    path = make(author, solutions=[], publish_at=None, state="published")
    assert "publish_at" in problem(author.send("PATCH", path, {"publish_at": FUTURE}), 422)["errors"]
