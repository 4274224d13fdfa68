from __future__ import annotations

import base64
import json
from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from api.paging import LongCounts, cursor_of, cursor_value, page_headers
from core.errors import ValidationFailed


@given(st.integers(0, 2**63 - 1))
def test_a_cursor_leads_back_to_its_place(place):
    assert cursor_value(cursor_of(place)) == place


@given(st.text(max_size=30))
def test_any_other_text_is_refused_or_is_a_place(text):
    with suppress(ValidationFailed):
        assert cursor_value(text) >= 0


@pytest.mark.parametrize(
    "inner", [b"after:", b"after:-1", b"after:1.5", b"before:1", b"after:9223372036854775808", b""]
)
def test_a_forged_cursor_is_refused(inner):
    with pytest.raises(ValidationFailed):
        cursor_value(base64.urlsafe_b64encode(inner).decode())


@pytest.mark.parametrize(
    ("page", "total", "figures", "next_link"),
    [
        (1, 0, {"total": 0, "total_pages": 0}, False),
        (1, 10, {"total_pages": 1, "first_page": 1, "last_page": 1}, False),
        (1, 11, {"total_pages": 2, "next_page": 2}, True),
        (2, 11, {"previous_page": 1, "last_page": 2}, False),
        (9, 11, {"page": 9, "total": 11}, False),
    ],
)
def test_page_figures_name_the_neighbours(page, total, figures, next_link):
    with Flask(__name__).test_request_context("/api/x?tag=a&tag=b&page=1"):
        headers = page_headers(page, 10, total)
    assert figures.items() <= json.loads(headers["X-Pagination"]).items()
    assert ("Link" in headers) == next_link
    if next_link:
        assert headers["Link"] == f'<http://localhost/api/x?tag=a&tag=b&page={page + 1}>; rel="next"'


def test_a_short_list_is_counted_each_time():
    counts, answers = LongCounts(), iter([1_000, 3])
    assert [counts.count("board", lambda: next(answers)) for _ in range(2)] == [1_000, 3]


def test_the_length_of_a_long_list_is_remembered_for_a_minute():
    clock, answers = (
        iter([0.0, 0.0, 59.9, 60.0, 60.0]),
        iter([1_001, 1_002]),
    )  # a count that is kept looks twice
    counts = LongCounts(lambda: next(clock))
    assert [counts.count("board", lambda: next(answers)) for _ in range(3)] == [1_001, 1_001, 1_002]
