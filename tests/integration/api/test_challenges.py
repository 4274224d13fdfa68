"""Challenges: what authors may write, what learners see of it, and how lists are searched."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from api.extensions import db
from core.models.challenge import Challenge
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.services.accounts import get_user
from core.services.submissions import NewSubmission, create_submission
from core.words import ProgressStatus
from graders.registry import grader_for

CHOICE = {
    "multiple": False,
    "options": [{"id": "a", "text": "four", "correct": True}, {"id": "b", "text": "five"}],
}
SUM = {
    "title": "Two and two",
    "description": "How much is **two and two**?",
    "difficulty": "beginner",
    "points": 10,
    "kind": "choice",
    "spec": CHOICE,
    "tags": ["arithmetic"],
    "state": "published",
    "attempts_max": 3,
}
TEXT = {"accept": [{"text": "Paris"}]}


def make(author, **changes) -> str:
    """The path of a new challenge."""
    answer = author.post("/challenges", SUM | changes)
    assert answer.status_code == 201, answer.get_json()
    return answer.headers["Location"].removeprefix("/api")


def row_of(database, path) -> Challenge:
    return database.get(Challenge, int(path.rsplit("/", 1)[1]))


def submit(database, learner, path, answer=None) -> Submission:
    """Hand an answer in, without the API."""
    challenge = row_of(database, path)
    user = learner_row(database, learner)
    new = NewSubmission(answer=answer or {"selected": ["a"]})
    submission = create_submission(database, user, challenge, grader_for(challenge.kind), new)
    database.commit()
    return submission


def learner_row(database, learner):
    return get_user(database, learner.username)


def test_an_author_reads_back_what_was_written(author):
    made = author.post("/challenges", SUM)
    body = made.get_json()
    assert {name: body[name] for name in SUM} == SUM
    assert author.get(made.headers["Location"].removeprefix("/api")).get_json() == body
    assert body["published_at"] is not None


def test_a_learner_sees_neither_the_key_nor_a_draft(author, learner, problem):
    path, draft = make(author), make(author, state="draft")
    body = learner.get(path).get_json()
    assert "correct" not in str(body["spec"])
    assert [option["id"] for option in body["spec"]["options"]] == ["a", "b"]
    problem(learner.get(draft), 404, "not_found")
    assert author.get(draft).status_code == 200


def test_a_learner_sees_limits_and_progress(author, learner, database):
    path = make(author)
    fresh = learner.get(path).get_json()
    assert fresh["progress"] is None
    assert fresh["limits"] == {
        "attempts_max": 3,
        "attempts_left": 3,
        "resets_at": None,
        "points_available": 10,
    }
    submit(database, learner, path)
    seen = learner.get(path).get_json()
    assert seen["progress"]["status"] == "submitted"
    assert seen["limits"]["attempts_left"] == 2
    assert learner.get("/challenges").get_json()[0]["limits"] == seen["limits"]
    assert make(author, title="Free", attempts_max=None)
    free = learner.get("/challenges?q=Free").get_json()[0]
    assert (free["limits"]["attempts_max"], free["limits"]["attempts_left"]) == (None, None)


def test_progress_changes_a_learners_etag_but_staleness_is_the_challenges(author, learner, database):
    path = make(author)
    seen, known = learner.get(path).headers["ETag"], author.get(path).headers["ETag"]
    submit(database, learner, path)
    submit(database, author, path)
    assert learner.get(path, If_None_Match=seen).status_code == 200
    assert author.send("PATCH", path, {"points": 20}, If_Match=known).status_code == 200
    assert learner.get(path, If_None_Match=learner.get(path).headers["ETag"]).status_code == 304


def test_an_archived_challenge_stays_visible_to_those_who_worked_on_it(
    author, learner, person, database, problem
):
    path = make(author)
    submit(database, learner, path)
    author.send("PATCH", path, {"state": "archived"})
    assert learner.get(path).status_code == 200
    problem(person().get(path), 404)
    assert learner.get("/challenges").get_json() == []
    assert len(learner.get("/challenges?state=archived").get_json()) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"description": "x" * 50_001}, "description"),
        ({"difficulty": "easy"}, "difficulty"),
        ({"points": -1}, "points"),
        ({"points": 10_001}, "points"),
        ({"points": "10"}, "points"),
        ({"points": 1.5}, "points"),
        ({"points": True}, "points"),
        ({"points": 10**30}, "points"),
        ({"category_id": 999}, "category_id"),
        ({"category_id": 0}, "category_id"),
        ({"category_id": 2**31}, "category_id"),
        ({"category_id": "x"}, "category_id"),
        ({"kind": "riddle"}, "kind"),
        ({"kind": ["choice"]}, "kind"),
        ({"tags": "x"}, "tags"),
        ({"tags": [str(i) for i in range(21)]}, "tags"),
        ({"tags": ["x" * 65]}, "tags.0"),
        ({"tags": ["ok", ""]}, "tags.1"),
        ({"state": "open"}, "state"),
        ({"attempts_max": 0}, "attempts_max"),
        ({"attempts_max": 1001}, "attempts_max"),
        ({"spec": []}, "spec"),
        ({"spec": "x"}, "spec"),
        ({"spec": {"options": []}}, "spec.options"),
        ({"spec": {"x": [{"y": "a\0b"}]}}, "spec.x.0.y"),
        ({"author_id": 1}, "author_id"),
        ({"id": 1}, "id"),
    ],
)
def test_a_bad_challenge_names_the_field(author, problem, changes, field):
    path = make(author)
    assert field in problem(author.post("/challenges", SUM | changes), 422)["errors"]
    assert field in problem(author.send("PUT", path, SUM | changes), 422)["errors"]
    assert field in problem(author.send("PATCH", path, changes), 422)["errors"]


@pytest.mark.parametrize("missing", ["title", "difficulty", "points", "kind", "spec"])
def test_a_challenge_without_a_field_names_it(author, problem, missing):
    body = {name: value for name, value in SUM.items() if name != missing}
    assert missing in problem(author.post("/challenges", body), 422)["errors"]


def test_put_replaces_and_patch_changes(author):
    path = make(author)
    assert author.send("PATCH", path, {"points": 30}).get_json()["tags"] == ["arithmetic"]
    required = {name: SUM[name] for name in ("title", "difficulty", "points", "kind", "spec")}
    put = author.send("PUT", path, required).get_json()
    assert (put["tags"], put["description"], put["attempts_max"], put["points"]) == ([], "", None, 10)
    assert put["state"] == "published"


def test_a_spec_is_checked_against_the_new_kind(author, problem):
    path = make(author)
    problem(author.send("PATCH", path, {"kind": "text"}), 422, "invalid_spec")
    changed = author.send("PATCH", path, {"kind": "text", "spec": TEXT})
    assert changed.get_json()["kind"] == "text"


def test_the_kind_stays_once_there_are_submissions(author, learner, database, problem):
    path = make(author)
    submit(database, learner, path)
    assert "kind" in problem(author.send("PATCH", path, {"kind": "text", "spec": TEXT}), 422)["errors"]
    assert author.send("PUT", path, SUM | {"title": "Same kind"}).status_code == 200


def test_learners_do_not_write(learner, author, problem):
    path = make(author)
    problem(learner.post("/challenges", SUM), 403, "forbidden")
    for method in ("PUT", "PATCH", "DELETE"):
        problem(learner.send(method, path, None if method == "DELETE" else SUM), 403, "forbidden")


def test_reading_needs_a_log_in(anybody, author, problem):
    path = make(author)
    problem(anybody.get(f"/api{path}"), 401, "not_authenticated")
    problem(anybody.get("/api/challenges"), 401, "not_authenticated")


def test_a_challenge_that_nobody_worked_on_is_deleted(author, problem):
    path = make(author)
    assert author.send("DELETE", path).status_code == 204
    problem(author.get(path), 404)
    problem(author.send("DELETE", path), 404)


def test_a_challenge_with_submissions_is_archived_instead(author, learner, database):
    path = make(author)
    submit(database, learner, path)
    assert author.send("DELETE", path).status_code == 204
    assert author.get(path).get_json()["state"] == "archived"
    assert database.query(Submission).count() == 1


def test_a_category_with_challenges_is_not_deleted(author, problem):
    category = author.post("/categories", {"name": "Arithmetic"}).get_json()["id"]
    path = make(author, category_id=category)
    problem(author.send("DELETE", f"/categories/{category}"), 409, "conflict")
    author.send("DELETE", path)
    assert author.send("DELETE", f"/categories/{category}").status_code == 204


def test_publishing_is_told_to_everybody_once(author, ports):
    path = make(author, state="draft")
    assert ports.bus.messages == []
    author.send("PATCH", path, {"state": "published"})
    author.send("PATCH", path, {"points": 11})
    told = [(m.room, m.event["type"], m.event["data"]["title"]) for m in ports.bus.messages]
    assert told == [("everybody", "challenge.published", "Two and two")]


@pytest.fixture
def shelf(author, learner, database):
    """Challenges of different kinds, of which the learner has completed one and started another."""
    category = author.post("/categories", {"name": "Geography"}).get_json()["id"]
    capital = {
        "kind": "text",
        "spec": TEXT,
        "category_id": category,
        "difficulty": "advanced",
        "tags": ["europe", "x y"],
    }
    paths = [
        make(author, title="alpha", points=30),
        make(author, title="Beta", points=10, **capital),
        make(author, title="gamma", points=20, difficulty="intermediate", description="100% snake_case"),
    ]
    make(author, title="draft", state="draft")
    ids = [int(path.rsplit("/", 1)[1]) for path in paths]
    user = learner_row(database, learner)
    database.add(UserProgress(user_id=user.id, challenge_id=ids[0], status=ProgressStatus.COMPLETED))
    database.add(UserProgress(user_id=user.id, challenge_id=ids[1], status=ProgressStatus.STARTED))
    database.commit()
    return category


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["gamma", "Beta", "alpha"]),
        ("sort=title", ["alpha", "Beta", "gamma"]),
        ("sort=-title", ["gamma", "Beta", "alpha"]),
        ("sort=points", ["Beta", "gamma", "alpha"]),
        ("sort=difficulty", ["alpha", "gamma", "Beta"]),
        ("sort=-difficulty", ["Beta", "gamma", "alpha"]),
        ("sort=created_at", ["alpha", "Beta", "gamma"]),
        ("category={category}", ["Beta"]),
        ("category=geography", ["Beta"]),
        ("category=999", []),
        ("category=99999999999999999999", []),
        ("difficulty=beginner&difficulty=advanced&sort=title", ["alpha", "Beta"]),
        ("kind=text", ["Beta"]),
        ("kind=text&kind=choice&sort=title", ["alpha", "Beta", "gamma"]),
        ("tag=europe", ["Beta"]),
        ("tag=europe&tag=arithmetic&sort=title", ["alpha", "Beta", "gamma"]),
        ("status=completed", ["alpha"]),
        ("status=started", ["Beta"]),
        ("status=not_started", ["gamma"]),
        ("status=completed&status=not_started&sort=title", ["alpha", "gamma"]),
        ("status=submitted", []),
        ("q=BET", ["Beta"]),
        ("q=100%25", ["gamma"]),
        ("q=snake_", ["gamma"]),
        ("q=e_ta", []),
        ("q=x%20y", ["Beta"]),
        ("state=draft", []),
        ("status=completed&kind=text", []),
    ],
)
def test_learners_filter_search_and_sort(shelf, learner, query, titles):
    answer = learner.get(f"/challenges?{query.format(category=shelf)}")
    assert [row["title"] for row in answer.get_json()] == titles


def test_lists_have_no_specs_and_no_drafts_for_learners(shelf, learner, author):
    rows = learner.get("/challenges").get_json()
    assert all("spec" not in row for row in rows)
    assert [row["title"] for row in author.get("/challenges?state=draft").get_json()] == ["draft"]
    assert len(author.get("/challenges").get_json()) == 4


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("difficulty=easy", "difficulty.0"),
        ("status=won", "status.0"),
        ("state=open", "state.0"),
        ("sort=spec", "sort"),
        ("page=0", "page"),
        ("colour=red", "colour"),
        ("tag=%00", "tag"),
    ],
)
def test_a_bad_filter_is_named(learner, problem, query, field):
    assert list(problem(learner.get(f"/challenges?{query}"), 422)["errors"]) == [field]


def test_a_page_of_challenges_takes_as_many_queries_as_one_challenge(author, learner, app):
    make(author)
    counted = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    learner.get("/challenges")
    one = len(counted)
    for number in range(5):
        make(author, title=f"More {number}")
    counted.clear()
    assert len(learner.get("/challenges").get_json()) == 6
    assert len(counted) == one


@pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63 - 1, 2**63, 10**30])
def test_an_id_that_is_nobodys_is_404(author, problem, number):
    for method, body in (("GET", None), ("PATCH", {"points": 1}), ("PUT", SUM), ("DELETE", None)):
        problem(author.send(method, f"/challenges/{number}", body), 404, "not_found")


def test_two_authors_who_write_at_once_do_not_overwrite_one_another(author, admin, problem):
    path = make(author)
    etag = author.get(path).headers["ETag"]
    assert author.send("PATCH", path, {"points": 1}, If_Match=etag).status_code == 200
    problem(admin.send("PATCH", path, {"points": 2}, If_Match=etag), 412, "stale_version")
    problem(admin.send("DELETE", path, If_Match=etag), 412, "stale_version")


def test_authors_may_send_large_challenges_and_others_may_not(author, learner, problem):
    large = SUM | {"description": "x" * 2 * 2**20}
    assert "description" in problem(author.post("/challenges", large), 422)["errors"]
    problem(learner.post("/challenges", large), 403, "forbidden")
    answer = problem(
        author.post("/challenges", SUM | {"description": "x" * 12 * 2**20}), 413, "body_too_large"
    )
    assert "at most 12 MB" in answer["detail"]
