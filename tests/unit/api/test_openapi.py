from __future__ import annotations

from api.openapi import completed


def operation(path: str, method: str, **body) -> dict:
    """The completed description of one operation."""
    body.setdefault("responses", {"200": {"description": "OK"}})
    return completed({"paths": {path: {method: body}}})["paths"][path][method]


def failures(described: dict) -> set[int]:
    return {int(status) for status in described["responses"] if status >= "400"}


def test_a_plain_read_may_fail_only_as_everything_may():
    assert failures(operation("/x", "get")) == {414, 422, 429, 431, 500, 503}


def test_a_body_a_path_and_a_role_each_add_their_failures():
    described = operation(
        "/x/{id}",
        "put",
        requestBody={},
        security=[{"bearer": []}],
        **{"x-role": "author", "x-etag": True, "x-problems": (410,)},
    )
    assert failures(described) == {400, 401, 403, 404, 409, 410, 412, 413, 414, 415, 422, 429, 431, 500, 503}


def test_marks_do_not_stay_in_the_description():
    described = operation("/x", "post", **{"x-role": "learner", "x-idempotent": True})
    assert not [name for name in described if name.startswith("x-")]
    assert [parameter["name"] for parameter in described["parameters"]] == ["Idempotency-Key"]


def test_waiting_for_the_verdict_is_documented():
    described = operation(
        "/x", "post", responses={"202": {"description": "Queued", "content": 1}}, **{"x-waits": True}
    )
    assert described["responses"]["201"]["content"] == 1
    assert [parameter["name"] for parameter in described["parameters"]] == ["Prefer"]


def test_an_etag_is_documented_where_it_is_sent_and_asked_for():
    read = operation("/x/{id}", "get", **{"x-etag": True})
    assert [parameter["name"] for parameter in read["parameters"]] == ["If-None-Match"]
    assert read["responses"]["304"]
    assert "ETag" in read["responses"]["200"]["headers"]


def test_lists_document_their_headers():
    pages = operation("/x", "get", parameters=[{"in": "query", "name": "page"}])
    assert pages["responses"]["200"]["headers"].keys() == {"Link", "X-Pagination"}
    cursor = operation("/x", "get", parameters=[{"in": "query", "name": "cursor"}])
    assert cursor["responses"]["200"]["headers"].keys() == {"Link"}
