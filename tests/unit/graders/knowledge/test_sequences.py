from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from graders.knowledge.sequences import common_length

words = st.lists(st.sampled_from("abc"), max_size=7)


def by_trying_all(one: list[str], other: list[str]) -> int:
    parts = {tuple(part) for size in range(len(other) + 1) for part in combinations(other, size)}
    return max(size for size in range(len(one) + 1) if parts & set(combinations(one, size)))


@given(words, words)
def test_the_longest_common_subsequence_is_as_long_as_the_longest_found_by_trying_all(one, other):
    assert common_length(one, other) == by_trying_all(one, other)


@given(words, words)
def test_the_length_is_the_same_from_both_sides(one, other):
    assert common_length(one, other) == common_length(other, one)
