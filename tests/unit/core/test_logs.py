from __future__ import annotations

import json
import logging

import pytest
import structlog

from core.logs import configure_logs


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
