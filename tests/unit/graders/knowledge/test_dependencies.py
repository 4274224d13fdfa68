from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.knowledge.dependencies import all_before, most_in_order
from graders.knowledge.sequences import common_length


@st.composite
def plans(draw) -> tuple[dict[str, list[str]], list[str]]:
    """What comes directly before what, without a circle, and an order of some of it."""
    names = draw(st.permutations("abcdefg"))
    direct = {
        name: draw(st.lists(st.sampled_from(names[:at]), unique=True, max_size=3)) if at else []
        for at, name in enumerate(names)
    }
    return direct, draw(st.lists(st.sampled_from(names), unique=True))


def keeps(order: tuple[str, ...], before: dict[str, frozenset[str]]) -> bool:
    return not any(late in before[early] for early, late in combinations(order, 2))


@given(plans())
def test_the_most_in_order_are_as_many_as_the_most_found_by_trying_all(plan):
    direct, order = plan
    before = all_before(direct)
    sizes = (
        n for n in range(len(order), -1, -1) if any(keeps(part, before) for part in combinations(order, n))
    )
    assert most_in_order(order, before) == next(sizes)


@given(st.permutations("abcdefg"), st.lists(st.sampled_from("abcdefg"), unique=True))
def test_in_a_chain_it_is_the_longest_common_subsequence(key, order):
    before = all_before({name: key[:at] for at, name in enumerate(key)})
    assert most_in_order(order, before) == common_length(key, order)


def test_what_precedes_is_followed_through_the_others():
    assert all_before({"c": ["b"], "b": ["a"], "a": []})["c"] == {"a", "b"}


@pytest.mark.parametrize(
    "direct", [{"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"a": ["c"], "b": ["a"], "c": ["b"]}]
)
def test_a_circle_is_refused(direct):
    with pytest.raises(ValueError, match="a"):
        all_before(direct)
