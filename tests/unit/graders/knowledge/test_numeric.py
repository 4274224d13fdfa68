import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import Verdict
from graders.knowledge.numeric import NumericGrader, tolerance

grader = NumericGrader()
PI = {"value": 3.14159, "absolute": 0.01, "unit": "m"}

finite = st.floats(-1e9, 1e9)
nonzero = finite.filter(bool)
rules = st.fixed_dictionaries(
    {},
    optional={
        "absolute": st.floats(0, 1e6),
        "relative": st.floats(0, 1),
        "significant_digits": st.integers(1, 12),
        "decimals": st.integers(0, 12),
    },
)


def score(spec: dict, value: object, **unit: str) -> float:
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"value": value, **unit})
    assert result.name == "answer"
    return result.score


def test_a_value_within_the_tolerance_and_in_the_unit_is_accepted():
    (result,) = grader.validate_submission(PI, {"value": "3.14", "unit": "m"})
    assert (result.verdict, result.score, result.feedback) == (Verdict.ACCEPTED, 1.0, "Right.")


def test_a_value_outside_is_a_wrong_answer_and_the_feedback_does_not_tell_the_key():
    (result,) = grader.validate_submission(PI, {"value": "3.2", "unit": "m"})
    assert (result.verdict, result.score, result.feedback) == (Verdict.WRONG_ANSWER, 0.0, "Not right.")


def test_the_right_value_in_another_unit_is_a_wrong_answer():
    assert score(PI, "3.14", unit="km") == 0


@pytest.mark.parametrize(
    ("spec", "answer", "expected"),
    [
        ({"value": 4}, 4, 1),
        ({"value": 4}, "4.0", 1),
        ({"value": 4}, 4.0001, 0),
        ({"value": 3.14, "absolute": 0.01}, 3.15, 1),
        ({"value": 3.14, "absolute": 0.01}, "3.1500001", 0),
        ({"value": 200, "relative": 0.05}, 210, 1),
        ({"value": 200, "relative": 0.05}, 189.9, 0),
        ({"value": -200, "relative": 0.05}, -190, 1),
        ({"value": 1, "absolute": 0.5, "relative": 0.01}, 1.5, 1),
        ({"value": 0.50729, "decimals": 3}, "0,507", 1),
        ({"value": 0.50729, "decimals": 3}, "0.508", 0),
        ({"value": 299792458, "significant_digits": 3}, "3.00e8", 1),
        ({"value": 299792458, "significant_digits": 3}, "2.99e8", 0),
        ({"value": "1/3", "significant_digits": 2}, "0.33", 1),
        ({"value": "1/3"}, "2/6", 1),
        ({"value": "1/3"}, "0.3333333", 0),
        ({"value": "6.02×10^23", "relative": 0.01}, "6,0e23", 1),
        ({"value": 100, "absolute": 1, "close": {"absolute": 10}}, 105, 0.5),
        ({"value": 100, "absolute": 1, "close": {"absolute": 10, "credit": 0.25}}, 110, 0.25),
        ({"value": 100, "absolute": 1, "close": {"absolute": 10}}, 100.5, 1),
        ({"value": 100, "absolute": 1, "close": {"absolute": 10}}, 111, 0),
        ({"interval": {"min": 0, "max": 1}}, 0, 1),
        ({"interval": {"min": 0, "max": 1}}, 1, 1),
        ({"interval": {"min": 0, "max": 1, "min_open": True}}, 0, 0),
        ({"interval": {"min": 0, "max": 1, "max_open": True}}, 1, 0),
        ({"interval": {"min": "1/3", "max": "3/8", "min_open": True, "max_open": True}}, "7/20", 1),
        ({"interval": {"min": 10}}, 1e30, 1),
        ({"interval": {"max": 10}}, 10.5, 0),
    ],
)
def test_each_rule_accepts_what_its_formula_says(spec, answer, expected):
    assert score(spec, answer) == expected


@pytest.mark.parametrize(
    "answer", [{"value": "3.14 m"}, {"value": "3,14m", "unit": ""}, {"value": 3.14, "unit": " m "}]
)
def test_the_unit_stands_behind_the_number_or_in_its_own_field(answer):
    (result,) = grader.validate_submission(PI, answer)
    assert result.score == 1


@given(nonzero, rules, st.one_of(finite, finite.map(str)))
def test_a_score_is_0_or_1_without_credit_for_close(value, rule, answer):
    assert score({"value": value} | rule, answer) in (0.0, 1.0)


@given(nonzero, rules)
def test_the_key_scores_1_under_every_rule(value, rule):
    assert score({"value": value} | rule, value) == 1.0


@given(nonzero, rules, finite)
def test_an_answer_scores_as_much_as_its_mirror_image(value, rule, offset):
    spec = {"value": value} | rule
    key, step = Fraction(repr(value)), Fraction(offset).limit_denominator(1000)
    above, below = (f"{(key + sign * step).numerator}/{(key + sign * step).denominator}" for sign in (1, -1))
    if max(len(above), len(below)) <= 100:
        assert score(spec, above) == score(spec, below)


@given(nonzero, st.integers(1, 12))
def test_rounding_the_key_to_its_significant_digits_is_accepted(value, digits):
    assert (
        score({"value": value, "significant_digits": digits}, f"{Decimal(repr(value)):.{digits - 1}e}") == 1.0
    )


@given(finite, finite, finite, st.booleans(), st.booleans())
def test_an_interval_agrees_with_comparison_operators(low, high, answer, min_open, max_open):
    interval = {"min": low, "max": high, "min_open": min_open, "max_open": max_open}
    if low < high:
        above = low < answer if min_open else low <= answer
        below = answer < high if max_open else answer <= high
        assert score({"interval": interval}, answer) == (above and below)


def test_tolerance_is_the_widest_of_those_given():
    assert tolerance(Fraction(50), {"absolute": 0.1, "relative": 0.01, "decimals": 0}) == Fraction(1, 2)
    assert tolerance(Fraction(50), {}) == 0


def test_the_redaction_says_only_whether_a_unit_is_needed():
    assert grader.redact(PI | {"close": {"absolute": 1}}) == {"unit_required": True}
    assert grader.redact({"interval": {"min": 1}}) == {"unit_required": False}
    assert "3.14" not in json.dumps(grader.redact(PI))


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({}, "answer"),
        ({"value": ""}, "answer.value"),
        ({"value": " ", "unit": "m"}, "answer.value"),
        ({"value": True, "unit": "m"}, "answer.value"),
        ({"value": None, "unit": "m"}, "answer.value"),
        ({"value": [3.14], "unit": "m"}, "answer.value"),
        ({"value": "three", "unit": "m"}, "answer.value"),
        ({"value": float("nan"), "unit": "m"}, "answer.value"),
        ({"value": float("inf"), "unit": "m"}, "answer.value"),
        ({"value": "1e999999999", "unit": "m"}, "answer.value"),
        ({"value": 10**4000, "unit": "m"}, "answer.value"),
        ({"value": "9" * 1_000_000, "unit": "m"}, "answer.value"),
        ({"value": "٣٫١٤", "unit": "m"}, "answer.value"),
        ({"value": "3.14\0", "unit": "m"}, "answer.value"),
        ({"value": "3.14"}, "answer.unit"),
        ({"value": "3.14", "unit": " "}, "answer.unit"),
        ({"value": "3.14 m", "unit": "m"}, "answer.unit"),
        ({"value": "3.14", "unit": "\ud83d"}, "answer.unit"),
        ({"value": "3.14", "unit": 5}, "answer.unit"),
        ({"value": "3.14", "unit": "m", "tolerance": 9}, "answer"),
    ],
)
def test_a_blank_or_malformed_answer_is_refused(answer, field):
    with pytest.raises(InvalidAnswer) as refusal:
        list(grader.validate_submission(PI, answer))
    assert list(refusal.value.errors) == [field]


def test_a_unit_where_none_is_asked_for_is_refused():
    with pytest.raises(InvalidAnswer) as refusal:
        grader.check_answer({"value": 4}, {"value": "4 m"})
    assert list(refusal.value.errors) == ["answer.unit"]


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec.value"),
        ({"value": 1, "interval": {"min": 0}}, "spec.value"),
        ({"value": True}, "spec.value"),
        ({"value": "pi"}, "spec.value"),
        ({"value": "3 m"}, "spec.value"),
        ({"value": float("inf")}, "spec.value"),
        ({"value": "1e99999"}, "spec.value"),
        ({"value": 1, "absolute": -1}, "spec.absolute"),
        ({"value": 1, "absolute": float("nan")}, "spec.absolute"),
        ({"value": 1, "absolute": 10**4000}, "spec.absolute"),
        ({"value": 1, "relative": 2}, "spec.relative"),
        ({"value": 1, "decimals": 1.5}, "spec.decimals"),
        ({"value": 1, "decimals": True}, "spec.decimals"),
        ({"value": 0, "relative": 0.1}, "spec.relative"),
        ({"value": 0, "significant_digits": 2}, "spec.significant_digits"),
        ({"value": 1, "absolute": 2, "close": {"absolute": 1}}, "spec.close"),
        ({"value": 1, "close": {}}, "spec.close"),
        ({"value": 1, "close": {"absolute": 1, "credit": 1}}, "spec.close.credit"),
        ({"value": 1, "unit": ""}, "spec.unit"),
        ({"value": 1, "unit": "  "}, "spec.unit"),
        ({"interval": {}}, "spec.interval"),
        ({"interval": {"min": 2, "max": 1}}, "spec.interval"),
        ({"interval": {"min": 1, "max": 1, "max_open": True}}, "spec.interval"),
        ({"interval": {"min": 1, "max_open": True}}, "spec.interval.max_open"),
        ({"interval": {"min": "low"}}, "spec.interval.min"),
        ({"interval": {"min": 1}, "absolute": 1}, "spec.absolute"),
        ({"value": 1, "hint": "x"}, "spec"),
        ({"value": 1, "convert": True}, "spec.convert"),
        ({"value": 1, "unit": "apples", "convert": True}, "spec.convert"),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert list(refusal.value.errors) == [field]


def test_an_interval_of_one_closed_point_has_that_key():
    assert score({"interval": {"min": 1, "max": 1}}, 1) == 1


@pytest.mark.parametrize(
    ("spec", "value", "unit", "expected"),
    [
        (PI, "0.00314", "km", 1),
        (PI, "314", "cm", 1),
        (PI, "314", "s", 0),
        (PI | {"convert": True}, "314", "cm", 1),
        (PI | {"convert": False}, "314", "cm", 0),
        (PI | {"convert": False}, "3.14", "m", 1),
        ({"value": 376, "absolute": 0.5, "unit": "s"}, "6.27", "min", 1),
        ({"value": 20, "unit": "°C"}, "293.15", "K", 1),
        ({"value": 10, "unit": "m/s"}, 36, "km/h", 1),
        ({"interval": {"min": 1, "max": 2}, "unit": "kg"}, 1500, "g", 1),
        ({"interval": {"min": 1, "max": 2}, "unit": "kg"}, 2500, "g", 0),
        ({"value": 3, "unit": "apples"}, 3, "apples", 1),
        ({"value": 3, "unit": "apples"}, 3, "pears", 0),
        ({"value": 3, "unit": "€"}, 3, "$", 0),
    ],
)
def test_a_unit_is_converted_where_it_measures_the_same(spec, value, unit, expected):
    assert score(spec, value, unit=unit) == expected
