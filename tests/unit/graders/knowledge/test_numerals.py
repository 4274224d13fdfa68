import math
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.knowledge.numerals import magnitude, plain_unit, read_number, read_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.14", Fraction(314, 100)),
        ("3,14", Fraction(314, 100)),
        (" +7 ", Fraction(7)),
        ("-0.5", Fraction(-1, 2)),
        ("− 0.5", Fraction(-1, 2)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("2/3", Fraction(2, 3)),
        ("-2 / 3", Fraction(-2, 3)),
        ("1,5/0.5", Fraction(3)),
        ("6.02e23", Fraction(602) * 10**21),
        ("1E-3", Fraction(1, 1000)),
        ("6.02 x 10^23", Fraction(602) * 10**21),
        ("6,02×10²³", Fraction(602) * 10**21),
        ("2*10**-2", Fraction(1, 50)),
        ("5·10⁻¹", Fraction(1, 2)),
        (0.1, Fraction(1, 10)),
        (7, Fraction(7)),
        (-1e-7, Fraction(-1, 10**7)),
    ],
)
def test_a_number_is_read_exactly(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("3.14 m", "m"),
        ("3.14m", "m"),
        ("5 m/s²", "m/s^2"),
        ("5 m/s^2", "m/s^2"),
        ("50%", "%"),
        ("3", ""),
        ("4 eV", "eV"),
    ],
)
def test_a_unit_behind_the_number_is_read_too(text, unit):
    assert read_quantity(text)[1] == unit


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1,234.5",
        "1.234,5",
        "1 000",
        "1'000",
        "10:30",
        "1/0",
        "1/2/3",
        "2^3",
        "2³",
        "--1",
        "٣",
        "３",
        "½",
        "0x10",
        "1_000",
        "e5",
        "NaN",
        "Infinity",
        "-inf",
        "1e999999999",
        "1e-999999999",
        "1e" + "9" * 90,
        "9" * 101,
        "1\ud800",
        10**200,
        pytest.param(10**4000, id="4001 digits"),
        math.inf,
        math.nan,
    ],
)
def test_what_is_no_number_or_an_endless_one_is_refused(text):
    with pytest.raises(ValueError, match=r"\.$"):
        read_number(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_as_its_shortest_decimal_form(value):
    assert float(read_number(value)) == value
    assert float(read_number(repr(value).replace(".", ","))) == value


@given(st.text("0123456789.,/eE+-*^x ×m²", max_size=30))
def test_any_text_is_a_number_with_a_unit_or_refused_as_a_value_error(text):
    with suppress(ValueError):
        value, unit = read_quantity(text)
        assert isinstance(value, Fraction)
        assert plain_unit(unit) == unit


@given(st.fractions().filter(bool))
def test_the_magnitude_is_the_place_of_the_leading_digit(value):
    place = magnitude(value)
    assert Fraction(10) ** place <= abs(value) < Fraction(10) ** (place + 1)


def test_both_micro_signs_are_one_unit():
    assert plain_unit("\u00b5m") == plain_unit("\u03bcm")
