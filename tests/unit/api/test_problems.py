from __future__ import annotations

import pytest
from flask import Flask

from api.errors import core_problem, register_error_handlers
from api.problems import Problem, flat_errors
from core import errors


@pytest.mark.parametrize(
    ("messages", "flat"),
    [
        ({"a": ["x"]}, {"a": ["x"]}),
        ({"a": "x"}, {"a": ["x"]}),
        ({"a": {"b": {"0": ["x"]}}}, {"a.b.0": ["x"]}),
        ({"_schema": ["x"]}, {"body": ["x"]}),
        ({"a": {"_schema": ["x"], "b": ["y"]}}, {"a": ["x"], "a.b": ["y"]}),
        (["x"], {"body": ["x"]}),
        ({}, {}),
    ],
)
def test_nested_messages_become_dotted_fields(messages, flat):
    assert flat_errors(messages) == flat


def test_a_problem_without_field_errors_has_no_errors_member():
    assert "errors" not in Problem(404, "not_found", "Gone.").body()
    assert Problem(422, "validation_failed", "Bad.", {"a": ["b"]}).body()["errors"] == {"a": ["b"]}


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    register_error_handlers(app)
    return app


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (errors.NotFound(), 404, {}),
        (errors.InvalidToken(), 401, {"WWW-Authenticate": "Bearer"}),
        (errors.TooManyRequests(retry_after=7), 429, {"Retry-After": "7"}),
        (errors.AttemptsExhausted(), 409, {}),
        (errors.StaleVersion(), 412, {}),
        (errors.InvalidSpec({"spec.x": ["Bad."]}), 422, {}),
    ],
)
def test_what_the_domain_refuses_keeps_its_status_code_and_words(app, error, status, headers):
    with app.test_request_context("/api/x"):
        response = core_problem(error)
    body = response.get_json(force=True)
    assert (response.status_code, body["code"], body["detail"]) == (status, error.code, error.message)
    assert body["instance"] == "/api/x"
    assert headers.items() <= dict(response.headers).items()


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [(errors.NotAllowed(), 403, "forbidden"), (ZeroDivisionError(), 500, "internal_error")],
)
def test_whatever_a_view_raises_is_answered_as_a_problem(app, raised, status, code):
    @app.get("/x")
    def view():
        raise raised

    response = app.test_client().get("/x")
    assert (response.status_code, response.get_json(force=True)["code"]) == (status, code)
    assert response.content_type == "application/problem+json"
