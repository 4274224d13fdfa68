from __future__ import annotations

import json
import logging

import pytest
import structlog

from core.logs import bind_context, clear_context, configure_logs, current_request_id, submission_context


@pytest.fixture
def logs():
    """Puts the logging of the test run back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_both_kinds_of_loggers_write_one_json_object_a_line_with_the_context(logs, capsys):
    configure_logs("INFO")
    structlog.contextvars.bind_contextvars(request_id="r1")
    structlog.get_logger("ours").info("graded", submission=7)
    logging.getLogger("theirs").warning("slow %s", "query", extra={"ms": 12})
    logging.getLogger("theirs").debug("not this")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"], line["request_id"]) for line in lines] == [
        ("graded", "info", "r1"),
        ("slow query", "warning", "r1"),
    ]
    assert (lines[0]["submission"], lines[1]["ms"]) == (7, 12)


def test_an_exception_stays_on_its_line(logs, capsys):
    configure_logs("INFO")
    try:
        raise ValueError("no\nway")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: no\nway" in json.loads(line)["exception"]


def test_lines_about_a_submission_name_it_only_while_it_is_worked_on(logs, capsys):
    configure_logs("INFO")
    with submission_context(submission_id=7, attempt=2, request_id=None):
        logging.getLogger("ours").info("graded")
    logging.getLogger("ours").info("idle")
    graded, idle = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (graded["submission_id"], graded["attempt"]) == (7, 2)
    assert "request_id" not in graded
    assert "submission_id" not in idle


def test_the_request_is_known_until_the_context_is_cleared(logs):
    bind_context(request_id="r1", user_id=None)
    assert current_request_id() == "r1"
    clear_context()
    assert current_request_id() is None
