from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.knowledge.similarity import distance, similarity

words = st.text("abc", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("abc", "abc", 0)],
)
def test_the_distance_of_known_pairs(one, other, expected):
    assert distance(one, other) == expected


@given(words, words)
def test_the_order_of_the_arguments_does_not_matter(one, other):
    assert distance(one, other) == distance(other, one)


@given(words, words, words)
def test_a_detour_is_never_shorter(one, middle, other):
    assert distance(one, other) <= distance(one, middle) + distance(middle, other)


@given(words, words)
def test_similarity_is_1_for_equal_strings_only(one, other):
    assert 0 <= similarity(one, other) <= 1
    assert (similarity(one, other) == 1) == (one == other)


def test_one_typo_in_ten_letters_is_nine_tenths():
    assert similarity("abcdefghij", "abcdefghix") == Fraction(9, 10)
