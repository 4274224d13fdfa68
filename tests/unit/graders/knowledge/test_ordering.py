import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from graders.knowledge.items import tell_the_order
from graders.knowledge.ordering import CREDIT, OrderingGrader

grader = OrderingGrader()


def spec_of(order, **more: object) -> dict:
    listed = [{"id": name, "text": f"item {name}"} for name in sorted(order)]
    return {"items": listed, "order": list(order), **more}


def score(spec: dict, order) -> float:
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"order": list(order)})
    assert result.name == "answer"
    return result.score


@st.composite
def cases(draw) -> tuple[dict, list[str]]:
    names = draw(st.lists(st.sampled_from("abcdefghij"), min_size=2, max_size=10, unique=True))
    key = draw(st.permutations(names).filter(lambda order: not tell_the_order(order)))
    return spec_of(key, credit=draw(st.sampled_from(list(CREDIT)))), draw(st.permutations(names))


KEY = spec_of("dbca")


@pytest.mark.parametrize(
    ("credit", "order", "expected"),
    [
        ("all_or_nothing", "dbca", 1.0),
        ("all_or_nothing", "bdca", 0.0),
        ("absolute_position", "bdca", 0.5),
        ("absolute_position", "adbc", 0.0),
        ("longest_common_subsequence", "adbc", 2 / 3),
        ("longest_common_subsequence", "acbd", 0.0),
        ("longest_common_subsequence", "bdca", 2 / 3),
        ("relative_next", "adbc", 2 / 3),
        ("relative_next", "cadb", 2 / 3),
        ("relative_next", "acbd", 0.0),
    ],
)
def test_each_credit_rule_pays_what_its_formula_says(credit, order, expected):
    assert score(KEY | {"credit": credit}, order) == pytest.approx(expected)


@given(cases())
def test_a_score_lies_between_0_and_1_and_only_the_key_scores_1(case):
    spec, order = case
    assert 0 <= score(spec, order) <= 1
    assert (score(spec, order) == 1) == (list(order) == spec["order"])


@given(cases())
def test_the_key_scores_1_under_every_rule(case):
    spec, _ = case
    assert score(spec, spec["order"]) == 1


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_the_author_lists_the_items_changes_nothing_that_learners_see(case, random):
    spec, order = case
    other = spec | {"items": random.sample(spec["items"], len(spec["items"]))}
    assert score(spec, order) == score(other, order)
    assert grader.redact(spec) == grader.redact(other)


@given(cases(), st.text(max_size=9))
def test_a_learner_sees_all_items_in_an_order_of_their_own(case, seed):
    spec, _ = case
    shown = grader.arrange(grader.redact(spec), seed)
    assert sorted(item["id"] for item in shown["items"]) == sorted(spec["order"])
    assert shown == grader.arrange(grader.redact(spec), seed)
    assert set(shown) == {"items", "credit"}


@pytest.mark.parametrize(
    "order",
    [
        [],
        ["a"],
        list("dbc"),
        list("dbcaa"),
        list("dbcz"),
        ["d", "b", "c", 1],
        "dbca",
        None,
        [*list("dbc"), ""],
    ],
)
def test_a_blank_or_malformed_answer_is_refused(order):
    with pytest.raises(InvalidAnswer):
        list(grader.validate_submission(KEY, {"order": order}))


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        (spec_of("a"), "spec.items"),
        (spec_of("abc"), "spec.order"),
        (KEY | {"order": list("dbc")}, "spec.order"),
        (KEY | {"order": list("dbcz")}, "spec.order"),
        (KEY | {"order": list("dbcca")}, "spec.order"),
        (KEY | {"items": KEY["items"] + [{"id": "a", "text": "again"}]}, "spec.items"),
        (KEY | {"items": [*KEY["items"][:3], {"id": "d", "text": "item a"}]}, "spec.items"),
        (KEY | {"credit": "generous"}, "spec.credit"),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert field in refusal.value.errors
