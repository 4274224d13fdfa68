"""Categories: everybody reads, authors write."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import replace

import pytest

from core.models.challenge import Category

ALGORITHMS = {"name": "Algorithms", "description": "Sorting and searching."}


@pytest.fixture
def algorithms(author) -> str:
    """The path of a category."""
    return author.post("/categories", ALGORITHMS).headers["Location"].removeprefix("/api")


@pytest.mark.parametrize("slash", ["", "/"])
def test_both_forms_of_every_path_answer_without_a_redirect(author, slash):
    made = author.post("/categories" + slash, ALGORITHMS)
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix("/api") + slash
    assert author.get(path).get_json()["name"] == "Algorithms"
    assert author.send("PUT", path, {"name": "Sorting"}).get_json()["description"] == ""
    assert author.send("PATCH", path, {"description": "x"}).get_json()["name"] == "Sorting"
    assert author.get("/categories" + slash).status_code == 200
    assert author.send("DELETE", path).status_code == 204


def test_learners_read_but_do_not_write(learner, algorithms, problem):
    assert learner.get(algorithms).get_json()["description"] == "Sorting and searching."
    problem(learner.post("/categories", ALGORITHMS), 403, "forbidden")
    for method in ("PUT", "PATCH"):
        problem(learner.send(method, algorithms, {"name": "x"}), 403, "forbidden")
    problem(learner.send("DELETE", algorithms), 403, "forbidden")


def test_reading_needs_a_log_in(anybody, problem):
    problem(anybody.get("/api/categories"), 401, "not_authenticated")
    problem(anybody.post("/api/categories", json=ALGORITHMS), 401, "not_authenticated")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": 7}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "a\ud800b"}, "name"),
        ({"name": "x", "description": ["y"]}, "description"),
        ({"name": "x", "description": "y" * 10_001}, "description"),
        ({"name": "x", "colour": "red"}, "colour"),
        ({"name": "x", "id": 5}, "id"),
        ([], "body"),
        ("x", "body"),
        (None, "body"),
    ],
)
def test_a_bad_category_names_the_field(author, problem, body, field):
    headers = {"Authorization": f"Bearer {author.access_token}", "Content-Type": "application/json"}
    answer = author.client.post("/api/categories", data=json.dumps(body), headers=headers)
    assert list(problem(answer, 422, "validation_failed")["errors"]) == [field]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"{'name': 1}",
        b"\xff",
        b'{"name": NaN}',
        b"[" * 100_000,
        b'{"a": 1e999}',
        b'{"a": 1' + b"0" * 5000 + b"}",
    ],
)
def test_what_is_no_json_is_400(author, problem, raw):
    headers = {"Authorization": f"Bearer {author.access_token}", "Content-Type": "application/json"}
    problem(author.client.post("/api/categories", data=raw, headers=headers), 400, "invalid_json")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_what_is_not_declared_as_json_is_415(author, problem, kind):
    headers = {"Authorization": f"Bearer {author.access_token}", "Content-Type": kind}
    problem(
        author.client.post("/api/categories", data=b'{"name": "x"}', headers=headers),
        415,
        "unsupported_media_type",
    )


def test_a_body_beyond_1_mb_is_413_and_says_so(author, problem):
    headers = {"Authorization": f"Bearer {author.access_token}", "Content-Type": "application/json"}
    body = b'{"name": "' + b"x" * 2**20 + b'"}'
    answer = problem(author.client.post("/api/categories", data=body, headers=headers), 413, "body_too_large")
    assert "at most 1 MB" in answer["detail"]


def test_a_body_that_does_not_say_its_length_is_limited_as_well(author, problem):
    headers = {"Authorization": f"Bearer {author.access_token}", "Content-Type": "application/json"}
    endless = {"wsgi.input": io.BytesIO(b'{"name": "x"}' + b" " * 2**21), "wsgi.input_terminated": True}
    answer = author.client.post("/api/categories", headers=headers, environ_overrides=endless)
    problem(answer, 413, "body_too_large")


def test_an_unknown_method_is_405_and_says_which_there_are(author, problem):
    answer = author.send("DELETE", "/categories")
    problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_names_are_unique_whatever_their_case(author, algorithms, problem):
    problem(author.post("/categories", {"name": "ALGORITHMS"}), 409, "already_exists")
    other = author.post("/categories", {"name": "Other"}).headers["Location"].removeprefix("/api")
    problem(author.send("PATCH", other, {"name": "algorithms"}), 409, "already_exists")
    assert author.send("PATCH", algorithms, {"name": "ALGORITHMS"}).status_code == 200


@pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63 - 1, 2**63, 10**30])
def test_an_id_that_is_nobodys_is_404(author, problem, number):
    problem(author.get(f"/categories/{number}"), 404, "not_found")
    problem(author.send("DELETE", f"/categories/{number}"), 404, "not_found")


@pytest.mark.parametrize("word", ["x", "-1", "1.5", "1%00"])
def test_what_is_no_id_is_404(author, problem, word):
    problem(author.get(f"/categories/{word}"), 404, "not_found")


def test_the_etag_spares_a_reader_what_is_known(author, algorithms):
    first = author.get(algorithms)
    again = author.get(algorithms, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    author.send("PATCH", algorithms, {"description": "new"})
    assert author.get(algorithms, If_None_Match=first.headers["ETag"]).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_stale_etag_stops_a_change(author, algorithms, problem, method):
    body = None if method == "DELETE" else {"name": "Sorting"}
    stale = author.get(algorithms).headers["ETag"]
    author.send("PATCH", algorithms, {"description": "new"})
    problem(author.send(method, algorithms, body, If_Match=stale), 412, "stale_version")
    problem(author.send(method, algorithms, body, If_Match='"rubbish"'), 412, "stale_version")
    fresh = author.get(algorithms).headers["ETag"]
    assert author.send(method, algorithms, body, If_Match=fresh).status_code in (200, 204)


def test_if_match_star_means_whatever_is_there(author, algorithms):
    assert author.send("PATCH", algorithms, {"description": "x"}, If_Match="*").status_code == 200


def test_lists_come_in_pages_with_links(author):
    for number in range(5):
        author.post("/categories", {"name": f"Category {number}"})
    first = author.get("/categories?page_size=2&sort=-name")
    assert [row["name"] for row in first.get_json()] == ["Category 4", "Category 3"]
    figures = author.client.application.json.loads(first.headers["X-Pagination"])
    assert (figures["total"], figures["total_pages"], figures["next_page"]) == (5, 3, 2)
    link, rel = first.headers["Link"].split("; ")
    assert rel == 'rel="next"'
    second = author.client.get(link.strip("<>"), headers={"Authorization": f"Bearer {author.access_token}"})
    assert [row["name"] for row in second.get_json()] == ["Category 2", "Category 1"]
    assert "Link" not in author.get("/categories?page_size=2&page=3").headers
    assert author.get("/categories?page=9").get_json() == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=99999999999999999999", "page"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("sort=colour", "sort"),
        ("q=" + "x" * 201, "q"),
        ("q=%00", "q"),
        ("colour=red", "colour"),
    ],
)
def test_a_bad_query_names_the_parameter(author, problem, query, field):
    assert list(problem(author.get(f"/categories?{query}"), 422)["errors"]) == [field]


@pytest.mark.parametrize(
    ("q", "found"), [("100%25", ["100% sure"]), ("_", ["snake_case"]), ("SURE", ["100% sure"]), ("%5C", [])]
)
def test_a_search_takes_its_words_literally(author, q, found):
    for name in ("100% sure", "snake_case", "other"):
        author.post("/categories", {"name": name})
    assert [row["name"] for row in author.get(f"/categories?q={q}").get_json()] == found


def test_the_same_idempotency_key_makes_one_category(author, database):
    first = author.post("/categories", ALGORITHMS, Idempotency_Key="k1")
    again = author.post("/categories/", ALGORITHMS, Idempotency_Key="k1")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert database.query(Category).count() == 1


def test_the_same_key_with_another_body_is_refused(author, problem):
    author.post("/categories", ALGORITHMS, Idempotency_Key="k1")
    answer = author.post("/categories", {"name": "Other"}, Idempotency_Key="k1")
    problem(answer, 422, "idempotency_key_reused")


def test_an_error_is_not_remembered(author):
    assert author.post("/categories", {"name": ""}, Idempotency_Key="k1").status_code == 422
    assert author.post("/categories", ALGORITHMS, Idempotency_Key="k1").status_code == 201


def test_keys_of_two_people_are_two_keys(author, admin):
    assert author.post("/categories", {"name": "One"}, Idempotency_Key="k1").status_code == 201
    assert admin.post("/categories", {"name": "Two"}, Idempotency_Key="k1").status_code == 201


def test_of_simultaneous_requests_with_one_key_one_does_the_work(app, author, database):
    start, statuses = threading.Barrier(4), []

    def send():
        mine = replace(author, client=app.test_client())
        start.wait(timeout=10)
        statuses.append(mine.post("/categories", ALGORITHMS, Idempotency_Key="k1").status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert database.query(Category).count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "ä"])
def test_a_bad_key_is_refused(author, problem, key):
    answer = author.post("/categories", ALGORITHMS, Idempotency_Key=key)
    assert list(problem(answer, 422)["errors"]) == ["Idempotency-Key"]
