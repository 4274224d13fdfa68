"""`verify`: how many mistakes a challenge's tests notice."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from core.grading import Verdict
from core.models.batch import Grading
from tests.support.sums import GOOD, RIGHT, SUM, WRONG, solution, spec

AS_PROMISED = {RIGHT: Verdict.ACCEPTED, WRONG: Verdict.WRONG_ANSWER}
DRAFT = SUM | {"state": "draft"}
# One test: subtracting nothing is adding nothing.
BLIND = spec(("5 0\n", "5\n"))
RUBRIC = [{"id": "reason", "text": "Gives a reason", "points": 10}]
ESSAY = {
    "kind": "essay",
    "spec": {"rubric": RUBRIC},
    "solutions": [{"name": "accepted", "answer": {"text": "Because."}}],
}
QUESTION = {
    "kind": "text",
    "spec": {"accept": [{"text": "Paris"}]},
    "solutions": [{"name": "accepted", "answer": {"text": "Paris"}}],
}


def begin(author, mutants=100, **changes):
    """The path of a check that has just begun."""
    made = author.post("/challenges", DRAFT | changes)
    assert made.status_code == 201, made.get_json()
    begun = author.post(f"/challenges/{made.get_json()['id']}/verify", {"mutants": mutants})
    assert begun.status_code == 202, begun.get_json()
    return begun.headers["Location"].removeprefix("/api")


def report_of(author, path):
    return author.get(path).get_json()["report"]


def test_mutants_that_the_tests_accept_are_shown_as_diffs(author, workshop):
    path = begin(author, spec=BLIND)
    workshop.work()
    check = author.get(path).get_json()
    strength = check["report"]["strength"]
    assert (check["status"], check["progress"]["graded"]) == ("passed", 2 + strength["total"])
    assert strength["killed"] + strength["survived"] == strength["total"]
    assert 0 < strength["score"] < 1
    assert any(
        "-print(a + b)" in one["diff"] and "+print(a - b)" in one["diff"] for one in strength["survivors"]
    )


def test_a_mutant_that_never_ends_is_stopped_early(author, workshop, database):
    """The challenge allows 20 s of CPU; ten times what the reference took is next to nothing."""
    source = f"n = 1\nwhile n > 0:\n    n = n - 1\n{RIGHT}"
    path = begin(author, mutants=6, spec=GOOD, solutions=[solution("accepted.py", source)])
    workshop.work()
    assert report_of(author, path)["strength"]["timed_out"] > 0
    limits = {row.cpu_seconds for row in database.scalars(select(Grading)) if "mutant" in row.details}
    assert max(limits) < 5


def test_no_mutants_are_made_when_a_solution_is_refused(author, workshop):
    path = begin(author)
    workshop.pretend({RIGHT: Verdict.WRONG_ANSWER, WRONG: Verdict.WRONG_ANSWER})
    check = author.get(path).get_json()
    assert check["status"] == "refused"
    assert check["report"]["no_strength"].startswith("A solution was refused")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"solutions": [solution("wrong_answer.py", WRONG)]}, "no accepted solution in Python"),
        ({"solutions": []}, "no accepted solution in Python"),
        ({"mutants": 0}, "No mutants were asked for"),
        (QUESTION, "A question has no program"),
        (ESSAY, "A question has no program"),
    ],
)
def test_the_report_says_what_was_not_done(author, workshop, changes, said):
    path = begin(author, **changes)
    workshop.work()
    check = author.get(path).get_json()
    assert (check["status"], check["report"]["strength"]) == ("passed", None)
    assert said in check["report"]["no_strength"]


def test_a_mutant_that_we_cannot_grade_does_not_count(author, workshop, database):
    path = begin(author, mutants=3)
    workshop.pretend(AS_PROMISED, cpu_ms=10)
    first, *others = workshop.claim()
    for claim in others:
        workshop.finish(claim, Verdict.WRONG_ANSWER)
    failed = update(Grading).where(Grading.id == first.grading_id)
    database.execute(failed.values(status="failed", failure="the disk is full"))
    database.commit()
    workshop.settle()
    strength = report_of(author, path)["strength"]
    assert (strength["invalid"], strength["killed"], strength["score"]) == (1, len(others), 1.0)


def test_verifying_publishes_nothing(author, workshop):
    path = begin(author, mutants=0)
    workshop.pretend(AS_PROMISED)
    check = author.get(path).get_json()
    found = author.get(f"/challenges/{check['challenge_id']}").get_json()
    assert (check["status"], found["state"], found["check"]) == ("passed", "draft", None)


def test_a_second_verification_takes_the_place_of_the_first(author):
    first = begin(author)
    challenge = author.get(first).get_json()["challenge_id"]
    author.post(f"/challenges/{challenge}/verify", {})
    listed = author.get(f"/challenges/{challenge}/checks").get_json()
    assert [one["status"] for one in listed] == ["running", "cancelled"]
