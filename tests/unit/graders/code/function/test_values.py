from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.code.function.values import NotAValue, Rules, difference, for_javascript, read, shown

EXACT, LOOSE = Rules(), Rules(exact_types=False)
FORMS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text().filter(lambda key: not key.startswith("$")), inner, max_size=4),
        st.lists(inner, max_size=4).map(lambda items: {"$tuple": items}),
    ),
    max_leaves=12,
).filter(lambda form: "Infinity" not in repr(form) and "inf" not in repr(form))


@given(FORMS)
def test_a_value_is_the_same_as_itself(form: Any) -> None:
    assert difference(read(form), read(form), EXACT) is None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        (1, "1"),
        (None, 0),
        ([1], {"$tuple": [1]}),
        ({"$set": [1]}, {"$frozenset": [1]}),
        ({"$set": [1]}, [1]),
        ({"a": 1}, {"a": 1.0}),
        ({"a": 1}, {"$dict": [[1, "a"]]}),
        ({"$bytes": "YQ=="}, "a"),
    ],
)
def test_exact_types_are_told_apart(expected: Any, got: Any) -> None:
    assert difference(read(expected), read(got), EXACT)
    assert difference(read(got), read(expected), EXACT)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1, 1.0),
        ([1, 2], {"$tuple": [1, 2.0]}),
        ({"$set": [1]}, {"$frozenset": [1.0]}),
        (None, {"$undefined": True}),
        ({"1": 2}, {"$dict": [["1", 2.0]]}),
    ],
)
def test_loose_types_let_kinds_of_a_family_be_equal(expected: Any, got: Any) -> None:
    assert difference(read(expected), read(got), LOOSE) is None


@pytest.mark.parametrize(
    ("expected", "got"), [(1, True), (0, None), ("1", 1), ([], {}), (0, {"$undefined": True})]
)
def test_loose_types_still_tell_families_apart(expected: Any, got: Any) -> None:
    assert difference(read(expected), read(got), LOOSE)


def test_floats_are_equal_within_either_tolerance() -> None:
    assert difference(read(0.3), read(0.1 + 0.2), EXACT) is None
    assert difference(read(100.0), read(100.5), Rules(absolute=0.5)) is None
    assert difference(read(100.0), read(101.0), Rules(relative=0.01)) is None
    assert difference(read(0.0), read(1e-12), EXACT)


def test_integers_have_no_tolerance() -> None:
    assert difference(read(10**9), read(10**9 + 1), Rules(exact_types=False, absolute=5, relative=1)) == (
        "1000000001, not 1000000000"
    )


@pytest.mark.parametrize("name", ["nan", "inf", "-inf"])
def test_what_is_no_finite_number_equals_itself_only(name: str) -> None:
    value = read({"$float": name})
    assert difference(value, read({"$float": name}), EXACT) is None
    assert difference(value, read(1.0), Rules(absolute=1e9)) is not None


def test_sets_and_dicts_have_no_order() -> None:
    assert difference(read({"$set": [1, 2, 3]}), read({"$set": [3, 1, 2]}), EXACT) is None
    assert difference(read({"a": 1, "b": 2}), read({"b": 2, "a": 1}), EXACT) is None


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ([1, [2, 3]], [1, [2, 4]], "at [1][1]: 4, not 3"),
        ([1, 2], [1], "1 items, not 2"),
        ({"a": [1]}, {"a": ["1"]}, "at ['a'][0]: a str, not an int"),
        ({"a": 1}, {}, "'a' is missing"),
        ({}, {"b": 1}, "'b' is too much"),
        (3, {"$object": ["Anything", "<Anything>"]}, "an Anything object, not an int"),
    ],
)
def test_the_first_difference_is_told(expected: Any, got: Any, words: str) -> None:
    assert difference(read(expected), read(got), EXACT) == words


def test_an_object_of_the_learners_equals_nothing_not_even_one_like_it() -> None:
    one = {"$object": ["Anything", "x"]}
    assert difference(read(one), read(one), LOOSE)


@pytest.mark.parametrize(
    "form",
    [
        {"$tuple": 1},
        {"$set": [[1]]},
        {"$dict": [[1]]},
        {"$dict": [[[1], 1]]},
        {"$float": "x"},
        {"$int": 5},
        {"$int": "9" * 5000},
        {"$bytes": "?"},
        {"$complex": ["1"]},
        {"$object": []},
        {"$nothing": 1},
        {"$tuple": [], "a": 1},
    ],
)
def test_what_stands_for_no_value_is_refused(form: Any) -> None:
    with pytest.raises(NotAValue):
        read(form)


def test_nesting_without_end_is_refused() -> None:
    form: Any = 1
    for _ in range(500):
        form = [form]
    with pytest.raises(NotAValue, match="deeper"):
        read(form)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"$tuple": [1]}, "(1,)"),
        ({"$set": []}, "set()"),
        ({"$frozenset": [1]}, "frozenset({1})"),
        ({"a": [None, True]}, "{'a': [None, True]}"),
        ({"$int": "0x" + "f" * 3000}, "0x" + "f" * 3000),
    ],
)
def test_values_are_shown_as_python_writes_them(form: Any, text: str) -> None:
    assert shown(read(form)) == text


def test_integers_that_javascript_cannot_hold_travel_as_text() -> None:
    assert for_javascript([1, {"a": 2**60}, True, 1.5]) == [1, {"a": {"$int": str(2**60)}}, True, 1.5]
