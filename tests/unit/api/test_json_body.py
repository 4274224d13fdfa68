from __future__ import annotations

import json
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.json_body import MAX_DEPTH, MAX_VALUES, InvalidJson, parse_json
from core.errors import ValidationFailed

STORABLE = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | STORABLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STORABLE, inner, max_size=3),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_storable_json_is_read_as_it_is(value):
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=50))
def test_no_bytes_raise_anything_but_a_refusal(raw):
    with suppress(InvalidJson, ValidationFailed):
        parse_json(raw)


@pytest.mark.parametrize(
    "raw", ["", "{", "NaN", "[Infinity]", "-Infinity", "1e400", "[1,]", "{'a': 1}", "1" * 5000]
)
def test_what_is_no_json_says_so(raw):
    with pytest.raises(InvalidJson, match="The body is not JSON"):
        parse_json(raw.encode())


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("\0", "body"),
        ({"a": [1, {"b": "x\0"}]}, "a.1.b"),
        ({"a\0": 1}, "body"),
        ({"a": {"\0": 1}}, "a"),
        ([["\ud800"]], "0.0"),
    ],
)
def test_text_that_cannot_be_stored_is_named_by_its_path(value, path):
    with pytest.raises(ValidationFailed) as refused:
        parse_json(json.dumps(value).encode())
    assert list(refused.value.errors) == [path]


def test_nesting_is_bounded_without_recursion():
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_json(deep.encode())
    for levels in (MAX_DEPTH + 1, 900, 100_000):
        with pytest.raises(InvalidJson, match="nested too deeply"):
            parse_json(b"[" * levels + b'"x"' + b"]" * levels)


def test_a_long_key_above_many_values_costs_no_copies_of_it():
    bomb = json.dumps({"k" * 400_000: [0] * 15_000}).encode()
    tracemalloc.start()
    parse_json(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * len(bomb)


def test_a_refusal_stays_small_however_much_is_wrong():
    with pytest.raises(ValidationFailed) as refused:
        parse_json(json.dumps({"k" * 100_000: ["\0"] * 10_000}).encode())
    assert len(json.dumps(refused.value.errors)) < 10_000


def test_values_are_counted_wherever_they_are():
    halves = {"a": [0] * (MAX_VALUES // 2), "b": [0] * (MAX_VALUES // 2)}
    with pytest.raises(InvalidJson, match="too many values"):
        parse_json(json.dumps(halves).encode())
    assert parse_json(json.dumps(halves).encode(), 2 * MAX_VALUES) == halves
