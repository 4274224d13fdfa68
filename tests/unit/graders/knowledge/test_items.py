import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.knowledge.items import arranged, in_natural_order, item_errors, tell_the_order

ids = st.lists(st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True), unique=True, max_size=20)


def items(names) -> list[dict]:
    return [{"id": name, "text": f"text of {name}"} for name in names]


@given(ids, st.text(max_size=10), st.randoms(use_true_random=False))
def test_an_arrangement_depends_on_the_seed_and_not_on_the_order_given(names, seed, random):
    first = arranged(items(names), seed)
    assert first == arranged(items(random.sample(names, len(names))), seed)
    assert sorted(item["id"] for item in first) == sorted(names)


def test_an_arrangement_is_the_same_on_every_machine_and_in_every_year():
    assert [item["id"] for item in arranged(items("abcdef"), "17:4")] == list("daebfc")


def test_every_order_of_three_comes_up():
    orders = {tuple(item["id"] for item in arranged(items("abc"), f"{n}:1")) for n in range(200)}
    assert len(orders) == 6


@pytest.mark.parametrize(
    ("names", "tells"),
    [
        (["a", "b", "c"], True),
        (["l2", "l10", "l11"], True),
        (["l10", "l11", "l2"], False),
        (["1", "2", "x"], True),
        (["c", "a", "b"], False),
        (["a", "b"], False),
    ],
)
def test_three_ids_or_more_in_ascending_order_tell_the_order(names, tells):
    assert tell_the_order(names) is tells


@given(ids)
def test_any_ids_have_a_natural_order(names):
    assert in_natural_order(in_natural_order(names)) == in_natural_order(names)


def test_items_of_one_id_or_one_text_cannot_be_told_apart():
    assert item_errors(items("aab"), "spec.items") == {"spec.items": ["Ids must differ; used twice: a."]}
    twins = [{"id": "a", "text": "x"}, {"id": "b", "text": " x "}]
    assert list(item_errors(twins, "spec.items")) == ["spec.items"]
    assert item_errors(items("ab"), "spec.items") == {}
