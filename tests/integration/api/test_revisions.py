"""Revisions: every change of content writes one, none is changed, and an old one can be restored."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.support.sums import SOLUTIONS, SUM

DRAFT = SUM | {"state": "draft", "description": "Add two numbers.\nPrint the sum."}


@pytest.fixture
def path(author):
    """A draft with two revisions."""
    made = author.post("/challenges", DRAFT).headers["Location"].removeprefix("/api")
    author.send("PATCH", made, {"description": "Add two numbers.\nPrint their sum.", "points": 20})
    return made


def test_they_are_listed_the_latest_first(author, path):
    rows = author.get(f"{path}/revisions").get_json()
    assert [(row["number"], row["points"], row["live"]) for row in rows] == [(2, 20, True), (1, 10, False)]
    first = author.get(f"{path}/revisions?page=2&page_size=1").get_json()
    assert [row["number"] for row in first] == [1]


def test_one_is_read_in_full(author, path):
    first = author.get(f"{path}/revisions/1").get_json()
    assert first["content"]["description"] == DRAFT["description"]
    assert [one["name"] for one in first["content"]["solutions"]] == [one["name"] for one in SOLUTIONS]
    assert "changes" not in first


@pytest.mark.parametrize(("number", "against"), [(1, 2), (2, 1)])
def test_what_differs_is_told_from_the_older_to_the_newer(author, path, number, against):
    changes = author.get(f"{path}/revisions/{number}?against={against}").get_json()["changes"]
    diffs = {change["field"]: change["diff"].splitlines() for change in changes}
    assert diffs.keys() == {"description", "points"}
    assert diffs["points"][-2:] == ["-10", "+20"]
    assert diffs["description"][-3:] == [" Add two numbers.", "-Print the sum.", "+Print their sum."]


def test_a_change_of_settings_writes_none(author, path):
    author.send("PATCH", path, {"attempts_max": 3, "tags": ["sums"], "points": 20})
    assert len(author.get(f"{path}/revisions").get_json()) == 2


def test_restoring_writes_a_new_one(author, path, problem):
    stale = author.get(path).headers["ETag"]
    restored = author.post(f"{path}/revisions/1/restore", None, If_Match=stale)
    assert restored.status_code == 200
    found = restored.get_json()
    assert (found["points"], found["revision"], found["head"]) == (10, 3, 3)
    assert author.get(f"{path}/revisions/2").get_json()["points"] == 20
    problem(author.post(f"{path}/revisions/1/restore", None, If_Match=stale), 412, "stale_version")


@pytest.mark.parametrize(
    "place", ["/revisions/9", "/revisions/1?against=9", "/revisions/0", f"/revisions/{2**31}"]
)
def test_one_that_is_not_there_is_404(author, path, problem, place):
    problem(author.get(path + place), 404, "not_found")


def test_the_database_refuses_to_change_one(author, path, database):
    with pytest.raises(IntegrityError, match="Revisions are never changed"):
        database.execute(text("UPDATE challenge_revisions SET points = 1000"))
