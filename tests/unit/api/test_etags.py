from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask, Response

from api.etags import answer_not_modified, check_if_match, etag_of
from core.errors import StaleVersion


@dataclass
class Row:
    version: int
    reader_state: str = ""


@dataclass
class Dated:
    updated_at: datetime


app = Flask(__name__)


@pytest.mark.parametrize(
    ("row", "etag"),
    [
        (Row(3), '"3"'),
        (Row(3, "ab"), '"3-ab"'),
        (Dated(datetime(2026, 1, 1, tzinfo=UTC)), '"1767225600000000"'),
    ],
)
def test_the_etag_is_the_version_and_what_the_reader_adds(row, etag):
    assert etag_of(row) == etag


@pytest.mark.parametrize("sent", [None, "", "*", '"3"', '"3-ab"', '"2", "3"'])
def test_a_change_to_what_one_has_seen_goes_through(sent):
    with app.test_request_context("/", headers={} if sent is None else {"If-Match": sent}):
        check_if_match(Row(3, "cd"))


@pytest.mark.parametrize("sent", ['"2"', 'W/"3"', '""', '"33"', '"-3"', "rubbish", '"2", "4"', '"\\"'])
def test_a_change_to_what_one_has_not_seen_is_refused(sent):
    with app.test_request_context("/", headers={"If-Match": sent}), pytest.raises(StaleVersion):
        check_if_match(Row(3))


@pytest.mark.parametrize(
    ("method", "sent", "status"),
    [
        ("GET", '"3"', 304),
        ("GET", 'W/"3"', 304),
        ("GET", "*", 304),
        ("GET", '"2"', 200),
        ("PATCH", '"3"', 200),
    ],
)
def test_only_a_reader_with_the_same_etag_gets_304(method, sent, status):
    with app.test_request_context("/", method=method, headers={"If-None-Match": sent}):
        response = answer_not_modified(Response("body", 200, {"ETag": '"3"'}))
    assert response.status_code == status
