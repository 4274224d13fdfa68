from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.knowledge.numerals import EXPONENT_MAX
from graders.knowledge.units import converted, is_known

NAMES = [
    "m",
    "s",
    "kg",
    "km",
    "min",
    "h",
    "J",
    "°C",
    "°",
    "%",
    "µm",
    "Mbit",
    "statC",
    "dB",
    "apple",
    "1",
    "m2",
]


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        (1, "km", "m", 1000),
        (36, "km/h", "m/s", 10),
        (20, "°C", "K", Fraction("293.15")),
        (68, "°F", "°C", 20),
        (1, "N", "kg m/s^2", 1),
        (1, "m s^-2", "m/s²", 1),
        (1, "J/(kg K)", "J/(kg·K)", 1),
        (1, "1/s", "Hz", 1),
        (1, "/s", "Hz", 1),
        (1, "l", "dm3", 1),
        (50, "%", "‰", 500),
        (1, "GB", "Mbit", 8000),
        (1, "MiB", "B", 2**20),
        (1, "m/s/s", "m/s**2", 1),
        (1, "km**2", "m2", 10**6),
    ],
)
def test_units_convert_exactly(value, unit, wanted, expected):
    assert converted(Fraction(value), unit, wanted) == expected


def test_a_half_turn_is_180_degrees_to_many_digits():
    assert abs(converted(Fraction(180), "°", "rad") - Fraction("3.14159265358979")) < Fraction(1, 10**14)


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [
        ("m", "s"),
        ("apples", "m"),
        ("€", "$"),
        ("J/kg K", "J/(kg K)"),
        ("°C/m", "K/m"),
        ("dB", "%"),
        ("", "m"),
        ("()", "m"),
        ("m^", "m"),
        ("m^99", "m"),
        ("__class__", "m"),
        ("m" * 31, "m"),
    ],
)
def test_what_does_not_convert_is_none(unit, wanted):
    assert converted(Fraction(1), unit, wanted) is None


@pytest.mark.parametrize(
    "bomb",
    [
        "m**9**9**9",
        "km**(9**9)",
        "10**999999999 m",
        "9" * 40,
        "m^" + "9" * 40,
        " ".join(["Ym^9"] * 9),
        "__import__('os').getpid()",
        "(" * 45,
    ],
)
def test_no_expression_is_evaluated(bomb):
    assert converted(Fraction(1), bomb, "m") is None
    assert converted(Fraction(1), "m", bomb) is None
    assert not is_known(bomb)


def test_the_largest_numbers_in_the_largest_powers_still_convert():
    value = Fraction(10) ** EXPONENT_MAX
    assert converted(value, "Ym^9", "qm^9") == value * Fraction(10) ** (54 * 9)


@given(st.lists(st.sampled_from([*NAMES, "*", "/", "^2", "(", ")", " ", "-"]), max_size=12).map("".join))
def test_any_text_is_a_unit_that_converts_into_itself_or_none(text):
    assert converted(Fraction(7), text, text) in (None, Fraction(7))


@given(st.fractions(max_denominator=10**6), st.sampled_from(["km", "mile", "inch", "µm", "m"]))
def test_converting_there_and_back_changes_nothing(value, unit):
    assert converted(converted(value, unit, "m"), "m", unit) == value


def test_a_unit_is_known_when_it_can_be_converted():
    assert is_known("km/h")
    assert not is_known("apples")
