"""Tracks: an order through challenges, and how far a learner got."""

from __future__ import annotations

import pytest

from tests.factories.verdicts import graded
from tests.integration.api.challenges import make, number_of, row_of, submit


@pytest.fixture
def three(author) -> list[str]:
    """The paths of three challenges."""
    return [make(author, title=title) for title in ("One", "Two", "Three")]


def follow(author, paths, **changes) -> str:
    """The path of a new track through the challenges."""
    body = {
        "slug": "steps",
        "title": "Steps",
        "state": "published",
        "challenges": [number_of(path) for path in paths],
    }
    answer = author.post("/tracks", body | changes)
    assert answer.status_code == 201, answer.get_json()
    return answer.headers["Location"].removeprefix("/api")


def solve(database, learner, path):
    graded(database, submit(database, learner, path))
    database.commit()


def test_a_learner_sees_how_far_they_got(author, learner, database, three):
    track = follow(author, three)
    solve(database, learner, three[0])
    expected = {"done": 1, "total": 3, "next_challenge_id": number_of(three[1])}
    assert learner.get("/tracks").get_json()[0]["progress"] == expected
    seen = learner.get(track).get_json()
    assert [(step["title"], step["status"], step["locked"]) for step in seen["challenges"]] == [
        ("One", "completed", False),
        ("Two", None, False),
        ("Three", None, False),
    ]


def test_a_strict_track_opens_one_challenge_after_the_other(author, learner, database, three, problem):
    track = follow(author, three, strict=True)
    assert [step["locked"] for step in learner.get(track).get_json()["challenges"]] == [False, True, True]
    refused = learner.post(f"{three[1]}/submissions", {"answer": {"selected": ["a"]}})
    assert "First solve “One”" in problem(refused, 409, "prerequisites_missing")["detail"]
    solve(database, learner, three[0])
    assert learner.post(f"{three[1]}/submissions", {"answer": {"selected": ["a"]}}).status_code == 202


@pytest.mark.parametrize("change", [{"strict": False}, {"state": "archived"}, {"challenges": []}])
def test_what_is_no_longer_strict_opens_its_challenges(author, learner, three, change):
    track = follow(author, three, strict=True)
    assert author.send("PATCH", track, change).status_code == 200
    assert not learner.get(three[1]).get_json()["locked"]


def test_a_deleted_track_opens_its_challenges(author, learner, three):
    track = follow(author, three, strict=True)
    assert learner.get(three[1]).get_json()["missing"] == {"challenge": number_of(three[0]), "title": "One"}
    assert author.send("DELETE", track).status_code == 204
    assert learner.get(three[1]).get_json()["missing"] is None


def test_a_strict_track_against_the_prerequisites_is_refused(author, three, problem):
    author.send("PATCH", three[0], {"prerequisites": {"challenge": number_of(three[1])}})
    body = {
        "slug": "x",
        "title": "X",
        "strict": True,
        "state": "published",
        "challenges": [*map(number_of, three)],
    }
    refused = problem(author.post("/tracks", body), 422)
    assert "in a circle: “One”" in refused["errors"]["challenges"][0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"challenges": [999_999]}, "challenges"),
        ({"slug": "No Slug"}, "slug"),
        ({"strict": 1}, "strict"),
        ({"title": " "}, "title"),
    ],
)
def test_a_bad_track_is_refused(author, problem, change, field):
    body = {"slug": "x", "title": "X"} | change
    assert field in problem(author.post("/tracks", body), 422)["errors"]


def test_a_track_names_each_challenge_once(author, three, problem):
    number = number_of(three[0])
    problem(author.post("/tracks", {"slug": "x", "title": "X", "challenges": [number, number]}), 422)


def test_a_slug_is_taken_once(author, problem):
    follow(author, [])
    problem(author.post("/tracks", {"slug": "steps", "title": "X"}), 409, "already_exists")


def test_learners_neither_see_drafts_nor_write(author, learner, problem):
    track = follow(author, [], state="draft")
    problem(learner.get(track), 404)
    assert learner.get("/tracks").get_json() == []
    problem(learner.post("/tracks", {"slug": "x", "title": "X"}), 403)


def test_a_track_can_be_reordered_and_a_stale_change_is_refused(author, three, problem):
    track = follow(author, three)
    tag = author.get(track).headers["ETag"]
    backwards = [number_of(path) for path in reversed(three)]
    changed = author.send("PATCH", track, {"challenges": backwards}, If_Match=tag)
    assert [step["id"] for step in changed.get_json()["challenges"]] == backwards
    problem(author.send("PATCH", track, {"title": "X"}, If_Match=tag), 412)


def test_a_challenge_in_a_track_is_archived_instead_of_deleted(author, database, three):
    follow(author, three)
    author.send("DELETE", three[0])
    assert row_of(database, three[0]).state.value == "archived"
