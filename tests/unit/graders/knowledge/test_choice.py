import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import Verdict
from graders.knowledge.choice import TALLIED, ChoiceGrader

grader = ChoiceGrader()


def options(correct: str, wrong: str) -> list[dict]:
    right = [{"id": name, "text": f"option {name}", "correct": True} for name in correct]
    return right + [{"id": name, "text": f"option {name}"} for name in wrong]


def score(spec: dict, *selected: str) -> float:
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"selected": list(selected)})
    assert result.name == "answer"
    return result.score


@st.composite
def specs(draw) -> dict:
    names = draw(st.lists(st.sampled_from("abcdefghij"), min_size=2, max_size=10, unique=True))
    split = draw(st.integers(1, len(names)))
    chosen = draw(st.permutations(options("".join(names[:split]), "".join(names[split:]))))
    return {"multiple": True, "credit": draw(st.sampled_from(list(TALLIED))), "options": chosen}


@st.composite
def selections(draw) -> tuple[dict, list[str]]:
    spec = draw(specs())
    ids = [option["id"] for option in spec["options"]]
    return spec, draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))


SINGLE = {"options": options("b", "acd")}
MULTIPLE = {"multiple": True, "options": options("ab", "cd")}


def test_the_right_option_of_a_single_choice_is_accepted():
    (result,) = grader.validate_submission(SINGLE, {"selected": ["b"]})
    assert (result.verdict, result.score) == (Verdict.ACCEPTED, 1.0)


def test_a_wrong_option_of_a_single_choice_is_a_wrong_answer():
    (result,) = grader.validate_submission(SINGLE, {"selected": ["a"]})
    assert (result.verdict, result.score) == (Verdict.WRONG_ANSWER, 0.0)


@pytest.mark.parametrize(
    ("credit", "selected", "expected"),
    [
        ("all_or_nothing", "ab", 1.0),
        ("all_or_nothing", "a", 0.0),
        ("all_or_nothing", "abc", 0.0),
        ("net_correct", "a", 0.5),
        ("net_correct", "abc", 0.5),
        ("net_correct", "ac", 0.0),
        ("net_correct", "cd", 0.0),
        ("coverage", "a", 0.5),
        ("coverage", "abc", 2 / 3),
        ("coverage", "abcd", 0.5),
        ("coverage", "c", 0.0),
        ("each_option", "a", 0.75),
        ("each_option", "abc", 0.75),
        ("each_option", "cd", 0.0),
    ],
)
def test_each_credit_rule_pays_what_its_formula_says(credit, selected, expected):
    assert score(MULTIPLE | {"credit": credit}, *selected) == pytest.approx(expected)


def test_part_of_the_score_is_partially_accepted():
    (result,) = grader.validate_submission(MULTIPLE | {"credit": "net_correct"}, {"selected": ["a"]})
    assert result.verdict is Verdict.PARTIALLY_ACCEPTED
    assert result.feedback == "Partly right: 50% of the points."


@given(selections())
def test_a_score_lies_between_0_and_1(case):
    spec, selected = case
    assert 0 <= score(spec, *selected) <= 1


@given(specs())
def test_the_key_scores_1_under_every_rule(spec):
    assert score(spec, *(option["id"] for option in spec["options"] if option.get("correct"))) == 1.0


@given(selections())
def test_only_the_key_scores_1(case):
    spec, selected = case
    key = {option["id"] for option in spec["options"] if option.get("correct")}
    assert (score(spec, *selected) == 1.0) == (set(selected) == key)


@given(selections(), st.randoms(use_true_random=False))
def test_neither_the_order_of_options_nor_of_picks_matters(case, random):
    spec, selected = case
    shuffled = spec | {"options": random.sample(spec["options"], len(spec["options"]))}
    assert score(spec, *selected) == score(shuffled, *random.sample(selected, len(selected)))


def test_the_learner_reads_the_feedback_of_the_options_they_picked_only():
    spec = {
        "multiple": True,
        "options": [
            {"id": "a", "text": "A", "correct": True, "feedback": "A it is."},
            {"id": "b", "text": "B", "feedback": "B is older."},
            {"id": "c", "text": "C", "feedback": "C is newer."},
        ],
    }
    (result,) = grader.validate_submission(spec, {"selected": ["c", "b"]})
    assert result.feedback == "Not right. B is older. C is newer."


@given(specs())
def test_the_redaction_is_the_same_whichever_options_are_correct(spec):
    swapped = [{k: v for k, v in option.items() if k != "correct"} for option in spec["options"]]
    swapped[0]["correct"] = True
    swapped[-1]["feedback"] = "a secret"
    assert grader.redact(spec) == grader.redact(spec | {"options": swapped})


def test_the_redaction_names_what_a_learner_needs():
    assert grader.redact(MULTIPLE | {"shuffle": True, "max_selections": 3}) == {
        "multiple": True,
        "credit": "all_or_nothing",
        "shuffle": True,
        "min_selections": 1,
        "max_selections": 3,
        "options": [{"id": name, "text": f"option {name}"} for name in "abcd"],
    }


def weighted(multiple: bool, **weights: float) -> dict:
    listed = [{"id": name, "text": name, "weight": weight} for name, weight in weights.items()]
    return {"multiple": multiple, "credit": "weights", "options": listed}


@pytest.mark.parametrize(
    ("multiple", "selected", "expected"),
    [
        (True, "ab", 1.0),
        (True, "a", 0.75),
        (True, "b", 0.25),
        (True, "ac", 0.5),
        (True, "abc", 0.75),
        (True, "bcd", 0.0),
        (True, "d", 0.0),
        (False, "a", 1.0),
        (False, "b", 1 / 3),
        (False, "c", 0.0),
    ],
)
def test_weights_pay_the_share_of_the_best_and_negative_ones_take_back(multiple, selected, expected):
    assert score(weighted(multiple, a=1.5, b=0.5, c=-0.5, d=0), *selected) == pytest.approx(expected)


@given(
    st.booleans(),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(-100, 100), min_size=2).filter(
        lambda weights: max(weights.values()) > 0
    ),
    st.data(),
)
def test_under_weights_scores_lie_between_0_and_1_and_the_key_scores_1(multiple, weights, data):
    spec = weighted(multiple, **weights)
    best = max(weights, key=weights.get)
    key = [name for name, weight in weights.items() if weight > 0] if multiple else [best]
    assert score(spec, *key) == 1.0
    most = len(weights) if multiple else 1
    assert (
        0 <= score(spec, *data.draw(st.sets(st.sampled_from(list(weights)), min_size=1, max_size=most))) <= 1
    )


def test_each_learner_keeps_one_order_and_learners_differ():
    spec = {"shuffle": True, "options": options("a", "bcdefgh")}
    shown = grader.redact(spec)
    orders = [[option["id"] for option in grader.arrange(shown, f"{n}:1")["options"]] for n in range(20)]
    assert orders == [[o["id"] for o in grader.arrange(shown, f"{n}:1")["options"]] for n in range(20)]
    assert all(sorted(order) == list("abcdefgh") for order in orders)
    assert len({tuple(order) for order in orders}) > 10


def test_without_shuffle_every_learner_reads_the_options_as_written():
    shown = grader.redact(SINGLE)
    assert grader.arrange(shown, "17:4") == shown


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"selected": []}, "answer.selected"),
        ({}, "answer"),
        ({"selected": ["a", "b"]}, "answer.selected"),
        ({"selected": ["z"]}, "answer.selected"),
        ({"selected": [True]}, "answer.selected.0"),
        ({"selected": [["a"]]}, "answer.selected.0"),
        ({"selected": "a"}, "answer.selected"),
        ({"selected": ["a"], "score": 1}, "answer"),
        ({"selected": ["\ud800"]}, "answer.selected.0"),
        ({"selected": ["a" * 1_000_000]}, "answer.selected.0"),
        ([], "answer"),
        (None, "answer"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(answer, field):
    with pytest.raises(InvalidAnswer) as refusal:
        list(grader.validate_submission(SINGLE, answer))
    assert list(refusal.value.errors) == [field]


def test_naming_an_option_twice_is_refused():
    with pytest.raises(InvalidAnswer, match="does not fit") as refusal:
        grader.check_answer(MULTIPLE, {"selected": ["a", "a"]})
    assert "twice" in refusal.value.errors["answer.selected"][0]


@pytest.mark.parametrize("selected", [["a"], ["a", "b", "c", "d"]])
def test_too_few_or_too_many_selections_are_refused_with_the_allowed_number(selected):
    spec = MULTIPLE | {"min_selections": 2.0, "max_selections": 3}
    grader.check_spec(spec)
    with pytest.raises(InvalidAnswer) as refusal:
        grader.check_answer(spec, {"selected": selected})
    assert "Select 2 to 3" in refusal.value.errors["answer.selected"][0]


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        ({"options": options("", "abc")}, "spec.options"),
        ({"options": options("ab", "c")}, "spec.options"),
        ({"options": options("a", "")}, "spec.options"),
        ({"options": options("a", "bb")}, "spec.options"),
        ({"options": [{"id": str(i), "text": "x", "correct": i == 0} for i in range(51)]}, "spec.options"),
        (SINGLE | {"credit": "each_option"}, "spec.credit"),
        (SINGLE | {"credit": "generous"}, "spec.credit"),
        (SINGLE | {"min_selections": 1}, "spec.min_selections"),
        (SINGLE | {"multiple": 1}, "spec.multiple"),
        (SINGLE | {"surprise": 1}, "spec"),
        (SINGLE | {"credit": "weights"}, "spec.options.0.correct"),
        (weighted(True, a=1) | {"credit": "coverage"}, "spec.options"),
        (
            weighted(True, a=1, b=0) | {"credit": "coverage"},
            ["spec.options.0.weight", "spec.options.1.weight"],
        ),
        (weighted(True, a=0, b=-1), "spec.options"),
        (weighted(True, a=101, b=1), "spec.options.0.weight"),
        (weighted(True, a=float("nan"), b=1), "spec.options.0.weight"),
        (weighted(True, a=1, b=1) | {"max_selections": 1}, "spec.max_selections"),
        (MULTIPLE | {"min_selections": 3}, "spec.min_selections"),
        (MULTIPLE | {"max_selections": 1}, "spec.max_selections"),
        (MULTIPLE | {"max_selections": 5}, "spec.max_selections"),
        (MULTIPLE | {"min_selections": True}, "spec.min_selections"),
        (MULTIPLE | {"max_selections": float("nan")}, "spec.max_selections"),
        (
            {"options": [{"id": "a b", "text": "x", "correct": True}, {"id": "c", "text": "y"}]},
            "spec.options.0.id",
        ),
        (
            {"options": [{"id": "a", "text": "\0", "correct": True}, {"id": "c", "text": "y"}]},
            "spec.options.0.text",
        ),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert list(refusal.value.errors) == (field if isinstance(field, list) else [field])
