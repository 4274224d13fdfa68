"""Publishing: a challenge of programs waits for its own solutions, a question is checked in the request."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import func, select, text, update

from core.grading import Lane, Queue, Verdict
from core.models.audit import AuditEntry
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge
from core.models.event import Event
from core.services.accounts import get_user
from core.services.batches import finished_batch, free_expired_gradings
from core.services.claims import claim_submissions
from core.services.submissions import NewSubmission, create_submission
from graders.registry import grader_for
from tests.support.processes import wait_until
from tests.support.sums import GENEROUS, GOOD, RIGHT, SOLUTIONS, SUM, WEAK, WRONG, solution, spec

AS_PROMISED = {RIGHT: Verdict.ACCEPTED, WRONG: Verdict.WRONG_ANSWER}
QUESTION = {
    "title": "Capital of France",
    "difficulty": "beginner",
    "points": 10,
    "kind": "text",
    "spec": {"accept": [{"text": "Paris"}]},
    "state": "published",
}


def make(author, **changes):
    """The path of a new challenge, and how it was answered."""
    answer = author.post("/challenges", SUM | changes)
    assert answer.status_code == 201, answer.get_json()
    return answer.headers["Location"].removeprefix("/api"), answer.get_json()


def check_of(author, path):
    href = author.get(path).get_json()["check"]["href"]
    return author.get(href.removeprefix("/api")).get_json()


def published(author, workshop, **changes):
    path, _ = make(author, **changes)
    workshop.pretend(AS_PROMISED, cpu_ms=10, wall_ms=20)
    assert author.get(path).get_json()["state"] == "published"
    return path


def row_of(database, path):
    return database.get(Challenge, int(path.rsplit("/", 1)[1]), populate_existing=True)


def test_right_solutions_publish_it_and_the_author_is_told(
    author, learner, workshop, problem, database, ports
):
    path, made = make(author)
    assert (made["state"], made["check"]["status"]) == ("draft", "running")
    assert check_of(author, path)["progress"] == {"queued": 2, "grading": 0, "graded": 0, "failed": 0}
    problem(learner.get(path), 404)
    workshop.work()
    found = author.get(path).get_json()
    assert (found["state"], found["check"]["status"]) == ("published", "passed")
    assert learner.get(path).status_code == 200
    told = database.scalars(select(Event).where(Event.type == "check.finished")).one()
    check = {"check_id": found["check"]["id"], "challenge_id": found["id"]}
    assert told.data == {**check, "purpose": "publish", "status": "passed"}
    assert [m.event["type"] for m in ports.bus.messages].count("challenge.published") == 1


def test_a_wrong_reference_keeps_it_a_draft_and_says_why(author, learner, workshop, problem):
    path, _ = make(author, solutions=[solution("accepted.py", WRONG)])
    workshop.work()
    assert author.get(path).get_json()["state"] == "draft"
    check = check_of(author, path)
    one = check["report"]["solutions"][0]
    assert (check["status"], one["expected"], one["verdict"]) == ("refused", "accepted", "wrong_answer")
    assert one["reason"].startswith("It must be accepted and got wrong_answer")
    problem(learner.get(path), 404)


def test_a_known_wrong_program_that_the_tests_accept_is_refused(author, workshop):
    path, _ = make(author, spec=WEAK)
    workshop.work()
    report = check_of(author, path)["report"]
    assert [one["passed"] for one in report["solutions"]] == [True, False]
    assert "add a test that it fails" in report["solutions"][1]["reason"]
    assert author.get(path).get_json()["state"] == "draft"


def test_a_limit_that_the_reference_nearly_needs_is_refused(author, workshop):
    path, _ = make(author, spec=GOOD | {"limits": GENEROUS | {"cpu_seconds": 1.0}})
    workshop.pretend(AS_PROMISED, cpu_ms=600, wall_ms=700)
    check = check_of(author, path)
    one = check["report"]["solutions"][0]
    assert (check["status"], one["cpu_ms"], one["limit_ms"]) == ("refused", 600, 1000)
    assert "Write limits.cpu_seconds: 1.2 or more." in one["reason"]


def test_what_we_could_not_grade_is_no_word_about_the_challenge(author, workshop, database):
    path, _ = make(author)
    database.execute(update(Grading).values(status="failed", failure="the disk is full"))
    database.commit()
    workshop.settle()
    check = check_of(author, path)
    assert check["status"] == "failed"
    assert "ask for the check again" in check["report"]["failure"]
    asked = author.post(f"{path}/publish", None)
    assert asked.status_code == 202
    workshop.pretend(AS_PROMISED)
    assert author.get(path).get_json()["state"] == "published"


def test_without_solutions_it_is_published_at_once(author):
    _, made = make(author, solutions=[])
    assert (made["state"], made["check"]) == ("published", None)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("Paris", "wrong_answer"), ("London", "accepted"), ("Paris", "partially_accepted")],
)
def test_a_question_whose_example_gets_something_else_is_not_stored(author, problem, answer, verdict):
    example = {"name": "mine", "verdict": verdict, "answer": {"text": answer}}
    said = problem(author.post("/challenges", QUESTION | {"solutions": [example]}), 422)
    found = "accepted" if answer == "Paris" else "wrong_answer"
    assert said["errors"] == {
        "solutions.0": [f"mine must get {verdict} and gets {found}: mend the spec or the example."]
    }
    assert author.get("/challenges").get_json() == []


def test_a_draft_question_with_a_wrong_example_stays_one(author, problem):
    wrong = [{"name": "accepted", "answer": {"text": "London"}}]
    made = author.post("/challenges", QUESTION | {"state": "draft", "solutions": wrong}).get_json()
    path = f"/challenges/{made['id']}"
    problem(author.send("PATCH", path, {"state": "published"}), 422)
    problem(author.post(f"{path}/publish", None), 422)
    assert author.get(path).get_json()["state"] == "draft"


def test_a_question_with_right_examples_is_published_at_once(author):
    examples = [
        {"name": "accepted", "answer": {"text": "Paris"}},
        {"name": "wrong_answer_capital", "answer": {"text": "London"}},
    ]
    made = author.post("/challenges", QUESTION | {"solutions": examples}).get_json()
    assert made["state"] == "published"
    assert [one["verdict"] for one in made["solutions"]] == ["accepted", "wrong_answer"]
    asked = author.post(f"/challenges/{made['id']}/publish", None)
    assert (asked.status_code, asked.get_json()["status"]) == (202, "passed")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"answer": {"language": "cobol", "source": "x"}}, "solutions.0.answer.language"),
        ({"answer": {"language": "python", "source": ""}}, "solutions.0.answer.source"),
    ],
)
def test_a_solution_that_does_not_fit_the_kind_names_the_field(author, problem, wrong, field):
    errors = problem(author.post("/challenges", SUM | {"solutions": [SOLUTIONS[0] | wrong]}), 422)["errors"]
    assert list(errors) == [field]


def test_an_edit_that_waits_leaves_learners_and_their_answers_on_the_old_revision(
    author, learner, workshop, database
):
    path = published(author, workshop)
    challenge, user = row_of(database, path), get_user(database, learner.username)
    new = NewSubmission({"language": "python", "source": RIGHT})
    create_submission(database, user, challenge, grader_for(challenge.kind), new)
    database.commit()
    edited = spec(("2 2\n", "4\n"), ("1 2\n", "3\n"))
    answer = author.send("PATCH", path, {"spec": edited, "points": 20}).get_json()
    assert (answer["points"], answer["revision"], answer["head"]) == (20, 1, 2)
    assert answer["check"]["status"] == "running"
    assert learner.get(path).get_json()["points"] == 10
    workshop.pretend(AS_PROMISED)
    assert learner.get(path).get_json()["points"] == 20
    assert author.get(path).get_json()["revision"] == 2
    with workshop.sessions.begin() as session:
        assert claim_submissions(session, Lane(Queue.CODE, "python"), "w1")[0].spec == GOOD


def test_an_edit_that_is_refused_stays_with_the_author(author, learner, workshop):
    path = published(author, workshop)
    author.send("PATCH", path, {"spec": WEAK, "title": "Weak"})
    workshop.pretend({RIGHT: Verdict.ACCEPTED, WRONG: Verdict.ACCEPTED})
    mine, theirs = author.get(path).get_json(), learner.get(path).get_json()
    assert (mine["state"], mine["check"]["status"], mine["title"]) == ("published", "refused", "Weak")
    assert theirs["title"] == "Add"


def test_an_edit_of_texts_goes_live_at_once(author, learner, workshop):
    path = published(author, workshop)
    answer = author.send("PATCH", path, {"title": "Add two"}).get_json()
    assert (answer["revision"], answer["head"]) == (2, 2)
    assert learner.get(path).get_json()["title"] == "Add two"


def test_an_edit_of_texts_waits_with_an_edit_that_waits(author, learner, workshop):
    path = published(author, workshop)
    author.send("PATCH", path, {"spec": spec(("2 2\n", "4\n"))})
    author.send("PATCH", path, {"title": "Add two"})
    assert learner.get(path).get_json()["title"] == "Add"
    workshop.pretend(AS_PROMISED)
    assert learner.get(path).get_json()["title"] == "Add two"


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_another_state_withdraws_the_wish(author, workshop, state):
    path, made = make(author)
    author.send("PATCH", path, {"state": state})
    workshop.work()
    assert author.get(path).get_json()["state"] == state
    assert author.get(f"/checks/{made['check']['id']}").get_json()["status"] == "cancelled"


def test_a_cancelled_check_publishes_nothing(author, workshop, problem):
    path, made = make(author)
    check = f"/checks/{made['check']['id']}"
    assert author.send("DELETE", check).status_code == 204
    workshop.work()
    assert author.get(path).get_json()["state"] == "draft"
    problem(author.send("DELETE", check), 409, "conflict")


def test_a_deleted_draft_takes_its_check_along(author, workshop, problem):
    path, made = make(author)
    assert author.send("DELETE", path).status_code == 204
    workshop.work()
    problem(author.get(f"/checks/{made['check']['id']}"), 404)


def test_asking_twice_is_one_check(author):
    path, made = make(author)
    asked = author.post(f"{path}/publish", None)
    assert (asked.status_code, asked.get_json()["id"]) == (202, made["check"]["id"])
    assert asked.headers["Location"] == made["check"]["href"]
    assert author.send("PATCH", path, {"state": "published"}).get_json()["check"] == made["check"]
    assert len(author.get(f"{path}/checks").get_json()) == 1


def test_a_worker_that_dies_in_the_middle_of_a_check_is_replaced(author, workshop, database):
    path, _ = make(author)
    dead = workshop.claim()[0]
    database.execute(
        update(Grading).values(lease_expires_at=func.now() - func.make_interval(0, 0, 0, 0, 0, 1))
    )
    database.commit()
    with workshop.sessions.begin() as session:
        free_expired_gradings(session)
    living = workshop.claim()
    assert not workshop.finish(dead, Verdict.RUNTIME_ERROR)
    for claim in living:
        workshop.finish(claim, AS_PROMISED[claim.answer["source"]])
    workshop.settle()
    assert author.get(path).get_json()["state"] == "published"


def test_two_sweepers_settle_a_check_once(author, workshop, database):
    path, _ = make(author)
    for claim in workshop.claim():
        workshop.finish(claim, AS_PROMISED[claim.answer["source"]])
    assert finished_batch(database) is not None
    workshop.settle()
    assert author.get(path).get_json()["state"] == "draft"
    database.rollback()
    both = [Thread(target=workshop.settle) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert author.get(path).get_json()["state"] == "published"
    assert database.scalar(select(func.count()).where(Event.type == "check.finished")) == 1


@pytest.mark.parametrize(
    ("header", "status", "code"), [(True, 412, "stale_version"), (False, 409, "conflict")]
)
def test_of_two_authors_who_save_at_the_same_moment_the_second_is_told(
    author, admin, workshop, database, problem, header, status, code
):
    path = published(author, workshop)
    known = {"If_Match": author.get(path).headers["ETag"]} if header else {}
    row = select(Challenge).where(Challenge.id == row_of(database, path).id).with_for_update()
    database.scalars(row).one().points = 30
    database.flush()
    answers = []
    second = Thread(target=lambda: answers.append(admin.send("PATCH", path, {"points": 40}, **known)))
    second.start()
    wait_for_a_blocked_update(workshop)
    database.commit()
    second.join()
    problem(answers[0], status, code)
    assert author.get(path).get_json()["points"] == 30


def wait_for_a_blocked_update(workshop):
    def blocked():
        with workshop.sessions() as session:
            return session.scalar(
                text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            )

    wait_until(blocked, "the second author waits")


def test_what_two_authors_save_one_after_the_other_is_all_kept(author, admin, workshop):
    path = published(author, workshop)
    author.send("PATCH", path, {"title": "Hers"})
    admin.send("PATCH", path, {"title": "His"})
    titles = [one["title"] for one in author.get(f"{path}/revisions").get_json()]
    assert titles == ["His", "Hers", "Add"]


def test_learners_neither_ask_for_checks_nor_see_what_they_are_made_of(author, learner, workshop, problem):
    path = published(author, workshop)
    check = author.get(path).get_json()["check"]["href"].removeprefix("/api")
    for method, place in (
        ("POST", f"{path}/publish"), ("POST", f"{path}/verify"), ("GET", f"{path}/checks"), ("GET", check),
        ("DELETE", check), ("GET", f"{path}/revisions"), ("GET", f"{path}/revisions/1"),
        ("POST", f"{path}/revisions/1/restore"),
    ):  # fmt: skip
        body = {} if place.endswith("verify") else None
        problem(learner.send(method, place, body), 403, "forbidden")
    hidden = {"solutions", "check", "head", "revision", "publish_at"}
    assert hidden <= author.get(path).get_json().keys()
    assert not hidden & learner.get(path).get_json().keys()
    assert not hidden & learner.get("/challenges").get_json()[0].keys()


def test_what_is_done_to_a_challenge_is_in_the_audit_log(author, workshop, database):
    path, made = make(author)
    author.send("DELETE", f"/checks/{made['check']['id']}")
    author.post(f"{path}/publish", None)
    workshop.pretend(AS_PROMISED)
    author.post(f"{path}/revisions/1/restore", None)
    acts = database.scalars(
        select(AuditEntry).where(AuditEntry.act.like("challenge.%")).order_by(AuditEntry.id)
    )
    assert [(entry.actor, entry.act) for entry in acts] == [
        (author.username, "challenge.created"),
        (author.username, "challenge.checked"),
        (author.username, "challenge.check_cancelled"),
        (author.username, "challenge.checked"),
        ("system", "challenge.updated"),
        (author.username, "challenge.restored"),
    ]


def test_a_check_that_cannot_be_settled_ends_and_the_next_goes_on(author, workshop, database):
    broken, _ = make(author)
    fine, _ = make(author, title="Fine")
    for claim in workshop.claim():
        workshop.finish(claim, AS_PROMISED[claim.answer["source"]])
    first = select(Batch.id).order_by(Batch.id).limit(1).scalar_subquery()
    database.execute(update(Grading).where(Grading.batch_id == first).values(results=[{"name": "?"}]))
    database.commit()
    workshop.settle()
    assert check_of(author, broken)["status"] == "failed"
    assert author.get(fine).get_json()["state"] == "published"
