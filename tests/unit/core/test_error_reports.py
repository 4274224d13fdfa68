"""What of an error may leave for Sentry: an allow-list, tried on everything that could slip through."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from core.error_reports import chosen
from core.logs import bind_context, clear_context

EVENT = {
    "level": "error",
    "logger": "workers.pipeline",
    "request": {
        "url": "https://x/?secret",
        "data": {"answer": "secret"},
        "headers": {"Authorization": "secret"},
    },
    "user": {"ip_address": "secret"},
    "extra": {"args": "secret"},
    "breadcrumbs": {"values": [{"message": "secret"}]},
    "logentry": {"message": "submission %s", "params": ["secret"], "formatted": "submission secret"},
    "exception": {
        "values": [
            {
                "type": "KeyError",
                "module": "builtins",
                "value": "secret",
                "stacktrace": {"frames": [{"function": "grade", "lineno": 7, "vars": {"answer": "secret"}}]},
            }
        ]
    },
}


@pytest.fixture
def bound():
    bind_context(request_id="r1", submission_id=7, user_id=3, name="secret")
    yield
    clear_context()


def line(message):
    return {"log_record": logging.LogRecord("x", logging.ERROR, "x", 1, message, ("secret",), None)}


def test_nothing_of_what_was_sent_leaves(bound):
    assert "secret" not in json.dumps(chosen(EVENT, line("submission %s"), "worker"))


def test_the_kind_of_error_its_place_and_the_request_do(bound):
    kept = chosen(EVENT, line("submission %s"), "worker")
    assert kept["tags"] == {"process": "worker", "request_id": "r1", "submission_id": "7"}
    assert kept["logentry"] == {"message": "submission %s"}
    (error,) = kept["exception"]["values"]
    assert error["type"] == "KeyError"
    assert error["stacktrace"]["frames"] == [{"function": "grade", "lineno": 7}]


def test_a_line_of_structlog_is_its_event():
    assert structlog.contextvars.get_contextvars() == {}
    kept = chosen({"level": "error"}, line({"event": "failed", "answer": "secret"}), "web")
    assert kept == {"level": "error", "tags": {"process": "web"}, "logentry": {"message": "failed"}}
