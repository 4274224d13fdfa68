"""Asking for rejudges, looking at them, applying and discarding them, over HTTP and from the shell."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from core.db import make_engine
from core.models.batch import Batch
from core.services.accounts import get_user
from core.words import Rejudging
from tests.factories import rejudged, rows


@pytest.fixture
def challenge(database):
    made = rows.challenge(database, on_rejudge=Rejudging.ADJUST, slug="geography/france")
    database.commit()
    return made


@pytest.fixture
def wrong(database, learner, challenge):
    """A submission of `learner` that got nothing."""
    made = rejudged.graded(database, get_user(database, learner.username), challenge, 0.0)
    database.commit()
    return made


def worked(database, scores):
    """A worker and the sweeper were there."""
    database.rollback()
    rejudged.grade_all(database, scores)
    rejudged.settle_all(database)
    database.commit()


def asked(author, challenge, **body):
    """The path of a new rejudge."""
    answer = author.post(f"/challenges/{challenge.id}/rejudge", body)
    assert answer.status_code == 202, answer.get_json()
    return answer.headers["Location"].removeprefix("/api")


def test_a_rejudge_goes_from_asking_to_applied(author, learner, challenge, wrong, database):
    path = asked(author, challenge)
    running = author.get(path).get_json()
    assert (running["status"], running["summary"], running["target"]) == ("running", None, 1)
    assert running["progress"] == {"queued": 1, "grading": 0, "graded": 0, "failed": 0}
    assert (running["submissions"], running["requested_by"]) == (1, author.username)
    worked(database, {wrong.id: 1.0})
    ready = author.get(path).get_json()
    assert (ready["status"], ready["summary"]["changed"], ready["summary"]["points"]) == (
        "ready", 1, {"up": 10, "down": 0},
    )  # fmt: skip
    applied = author.post(f"{path}/apply", {}).get_json()
    assert (applied["status"], applied["summary"]) == ("applied", ready["summary"])
    mine = learner.get(f"/submissions/{wrong.id}").get_json()
    assert (mine["verdict"], mine["points"]) == ("accepted", 10)
    assert author.get("/rejudges/?status=applied").get_json() == [applied]


def test_changes_come_in_pages(author, challenge, wrong, learner, database):
    user = get_user(database, learner.username)
    others = [rejudged.graded(database, user, challenge, 0.0) for _ in range(2)]
    database.commit()
    path = asked(author, challenge)
    worked(database, {wrong.id: 1.0, others[0].id: 0.0, others[1].id: 1.0})
    first = author.get(f"{path}/changes?page_size=1")
    assert first.get_json() == [
        {
            "submission_id": wrong.id,
            "username": learner.username,
            "attempt": 1,
            "effect": "changed",
            "revision_before": 1,
            "verdict_before": "wrong_answer",
            "score_before": 0.0,
            "verdict": "accepted",
            "score": 1.0,
            "points_before": 0,
            "points_after": 10,
            "failure": None,
        }
    ]
    following = first.headers["Link"].split(">")[0].split("/api")[1]
    assert [one["submission_id"] for one in author.get(following).get_json()] == [others[1].id]
    assert len(author.get(f"{path}/changes?all=true").get_json()) == 3


def test_one_submission_can_be_rejudged_and_the_body_left_out(author, wrong, challenge):
    answer = author.send("POST", f"/submissions/{wrong.id}/rejudge")
    assert answer.status_code == 202
    assert answer.get_json()["scope"] == {"submission_id": wrong.id}


def test_a_preview_is_of_now(author, learner, challenge, wrong, database):
    path = asked(author, challenge)
    worked(database, {wrong.id: 1.0})
    rejudged.graded(database, get_user(database, learner.username), challenge, 0.5)
    database.commit()
    assert author.get(path).get_json()["summary"]["points"] == {"up": 5, "down": 0}


def test_a_discarded_rejudge_is_over(author, challenge, wrong, problem):
    path = asked(author, challenge)
    assert author.send("DELETE", path).status_code == 204
    assert author.get(path).get_json()["status"] == "cancelled"
    problem(author.send("DELETE", path), 409, "conflict")
    problem(author.post(f"{path}/apply", {}), 409, "conflict")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"verdict": ["accepted"]}, "nothing_to_rejudge"),
        ({"since": datetime(2100, 1, 1, tzinfo=UTC).isoformat()}, "nothing_to_rejudge"),
        ({"username": "nobody"}, "validation_failed"),
        ({"target": 2}, "validation_failed"),
        ({"revision": 0}, "validation_failed"),
        ({"verdict": ["right"]}, "validation_failed"),
        ({"learner": "ada"}, "validation_failed"),
    ],
)
def test_what_makes_no_sense_is_422(author, challenge, wrong, problem, body, code):
    problem(author.post(f"/challenges/{challenge.id}/rejudge", body), 422, code)


def test_what_people_grade_is_not_rejudged(author, challenge, wrong, database, problem):
    challenge.kind = "essay"
    database.commit()
    refused = problem(author.post(f"/submissions/{wrong.id}/rejudge", {}), 422, "not_rejudgeable")
    assert "person" in refused["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/challenges/{0}/rejudge"),
        ("POST", "/submissions/{1}/rejudge"),
        ("GET", "/rejudges/"),
        ("GET", "/rejudges/{2}"),
        ("DELETE", "/rejudges/{2}"),
        ("GET", "/rejudges/{2}/changes"),
        ("POST", "/rejudges/{2}/apply"),
    ],
)
def test_learners_neither_rejudge_nor_look(author, learner, challenge, wrong, problem, method, path):
    rejudge_id = asked(author, challenge).rsplit("/", 1)[1]
    problem(learner.send(method, path.format(challenge.id, wrong.id, rejudge_id)), 403)


def test_what_is_no_rejudge_is_404(author, problem):
    for path in ("/rejudges/1", "/rejudges/1/changes"):
        problem(author.get(path), 404)


@pytest.fixture
def worker(settings, wrong):
    """Grades and settles in the background, like a worker and the sweeper: all answers are right now."""
    engine, done = make_engine(settings.database_url), threading.Event()

    def work():
        while not done.wait(0.05):
            with Session(engine) as session, session.begin():
                rejudged.grade_all(session, lambda _: 1.0)
                rejudged.settle_all(session)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    done.set()
    thread.join()
    engine.dispose()


def run(app, *arguments, typed=""):
    done = app.test_cli_runner().invoke(args=["rejudge", *arguments], input=typed)
    return done.exit_code, done.output


def test_the_shell_shows_the_preview_and_asks(app, worker, wrong, learner, database):
    code, said = run(app, "geography/france", typed="y\n")
    assert code == 0, said
    assert "1 submission of 'Capital of France' against revision 1." in said
    assert f"{wrong.id:<10}  {learner.username}" in said
    assert "wrong answer  accepted  0 -> 10" in said
    assert "1 learner up by 10 in all, 0 learners down by 0 (policy: adjust)." in said
    assert said.endswith("Apply it? [y/N]: y\nApplied: 1 submission changed.\n")
    database.refresh(wrong)
    assert wrong.points == 10


def test_the_shell_discards_what_nobody_wants(app, worker, wrong, database):
    code, said = run(app, str(wrong.challenge_id), "--username", "LEARNER1", typed="n\n")
    assert (code, said.splitlines()[-1]) == (0, "Discarded; nothing was changed.")
    database.refresh(wrong)
    assert (wrong.points, database.query(Batch.status).scalar()) == (0, "discarded")


def test_the_shell_applies_without_asking_where_told_to(app, worker, wrong, database):
    code, said = run(app, "geography/france", "--verdict", "wrong_answer", "--since", "1h", "--yes")
    assert (code, said.splitlines()[-1]) == (0, "Applied: 1 submission changed.")


def test_the_shell_says_what_it_cannot_find(app, wrong):
    assert run(app, "geography/spain") == (1, "Error: There is no challenge geography/spain.\n")
    code, said = run(app, "geography/france", "--verdict", "accepted")
    assert (code, said.splitlines()[-1][:32]) == (1, "Error: No graded submission is i")
