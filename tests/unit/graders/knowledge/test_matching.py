import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from graders.knowledge.matching import MatchingGrader

grader = MatchingGrader()


def spec_of(pairs: dict[str, str], spare: str = "", **more: object) -> dict:
    right = sorted({*pairs.values(), *spare})
    return {
        "left": [{"id": name, "text": f"left {name}"} for name in pairs],
        "right": [{"id": name, "text": f"right {name}"} for name in right],
        "pairs": pairs,
        **more,
    }


def score(spec: dict, pairs: dict[str, str]) -> float:
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"pairs": pairs})
    return result.score


@st.composite
def cases(draw) -> tuple[dict, dict[str, str]]:
    left = draw(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True))
    right = st.sampled_from("654321")
    # Two neighbours that share a partner or descend never tell the order.
    key = {name: draw(right) for name in left} | ({"a": "6", "b": "1"} if len(left) > 1 else {})
    answer = {name: draw(st.sampled_from(sorted({*key.values(), "1", "6"}))) for name in key}
    return spec_of(key, "16", credit=draw(st.sampled_from(["all_or_nothing", "each_pair"]))), answer


KEY = spec_of({"a": "2", "b": "3", "c": "1"}, spare="4", credit="each_pair")


@pytest.mark.parametrize(
    ("pairs", "each_pair", "all_or_nothing"),
    [
        ({"a": "2", "b": "3", "c": "1"}, 1.0, 1.0),
        ({"a": "2", "b": "3", "c": "4"}, 2 / 3, 0.0),
        ({"a": "2", "b": "2", "c": "2"}, 1 / 3, 0.0),
        ({"a": "1", "b": "1", "c": "2"}, 0.0, 0.0),
    ],
)
def test_each_credit_rule_pays_what_its_formula_says(pairs, each_pair, all_or_nothing):
    assert score(KEY, pairs) == pytest.approx(each_pair)
    assert score(KEY | {"credit": "all_or_nothing"}, pairs) == all_or_nothing


def test_one_on_the_right_may_serve_several_on_the_left():
    assert score(spec_of({"a": "1", "b": "1", "c": "2"}), {"a": "1", "b": "1", "c": "2"}) == 1


@given(cases())
def test_a_score_lies_between_0_and_1_and_only_the_key_scores_1(case):
    spec, pairs = case
    assert 0 <= score(spec, pairs) <= 1
    assert (score(spec, pairs) == 1) == (pairs == spec["pairs"])
    assert score(spec, spec["pairs"]) == 1


@given(cases(), st.randoms(use_true_random=False))
def test_neither_the_order_of_sides_nor_of_pairs_matters(case, random):
    spec, pairs = case
    other = spec | {side: random.sample(spec[side], len(spec[side])) for side in ("left", "right")}
    shuffled = dict(random.sample(list(pairs.items()), len(pairs)))
    assert score(spec, pairs) == score(other, shuffled)
    assert grader.redact(spec)["right"] == grader.redact(other)["right"]


def test_a_learner_sees_the_left_as_written_and_the_right_in_an_order_of_their_own():
    shown = grader.redact(KEY)
    orders = {tuple(item["id"] for item in grader.arrange(shown, f"{n}:1")["right"]) for n in range(50)}
    assert len(orders) > 10
    assert all(sorted(order) == list("1234") for order in orders)
    assert [item["id"] for item in grader.arrange(shown, "1:1")["left"]] == list("abc")


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ({}, "answer.pairs"),
        ({"a": "2", "b": "3"}, "answer.pairs"),
        ({"a": "2", "b": "3", "c": "9"}, "answer.pairs.c"),
        ({"a": "2", "b": "3", "c": ""}, "answer.pairs.c"),
        ({"a": "2", "b": "3", "c": 1}, "answer.pairs.c"),
        ({"a": "2", "b": "3", "c": "1", "z": "1"}, "answer.pairs"),
        ({"a": "2", "b": "3", "c": "1", "z" * 1_000_000: "1"}, "answer.pairs"),
        ([["a", "2"]], "answer.pairs"),
        (None, "answer.pairs"),
    ],
)
def test_a_blank_or_malformed_answer_is_refused(pairs, field):
    with pytest.raises(InvalidAnswer) as refusal:
        list(grader.validate_submission(KEY, {"pairs": pairs}))
    assert list(refusal.value.errors) == [field]
    assert all(len(message) < 500 for messages in refusal.value.errors.values() for message in messages)


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        (spec_of({"a": "1"}), "spec.right"),
        (spec_of({"a": "1", "b": "2", "c": "3"}), "spec.pairs"),
        (spec_of({"b": "2", "c": "3", "a": "1"}, spare="4"), "spec.pairs"),
        (KEY | {"pairs": {"a": "2", "b": "3"}}, "spec.pairs"),
        (KEY | {"pairs": KEY["pairs"] | {"z": "1"}}, "spec.pairs"),
        (KEY | {"pairs": KEY["pairs"] | {"c": "9"}}, "spec.pairs.c"),
        (KEY | {"left": KEY["left"] * 2}, "spec.left"),
        (KEY | {"right": KEY["right"] + [{"id": "x", "text": "right 1"}]}, "spec.right"),
        (KEY | {"credit": "coverage"}, "spec.credit"),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert field in refusal.value.errors
