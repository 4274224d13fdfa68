"""Read a number as people write it: exact, bounded in size, with an optional unit behind it."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction

TEXT_MAX = 100
EXPONENT_MAX = 999
HINT = "Write a number such as 3.14, 3,14, -2/3 or 6.02e23: digits 0-9, no thousands separators"

_DECIMAL = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)"
_EXPONENT = r"(?:[eE]|\s*[x×*·]\s*10\s*(?:\^|\*\*)\s*)(?P<exponent>[+-]?[0-9]+)"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<digits>{_DECIMAL})(?:{_EXPONENT}|\s*/\s*(?P<below>{_DECIMAL}))?\s*(?P<unit>.*)",
    re.DOTALL,
)
_DASHES = str.maketrans({"−": "-", "–": "-", "\N{FRACTION SLASH}": "/"})  # U+2212, U+2013, U+2044
_SUPERSCRIPT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_UNIT_SIGNS = "%‰°€$£¥"


def read_quantity(text: str | float) -> tuple[Fraction, str]:
    """The exact value of `text` and the unit behind it ("" without one).

    Point or comma separates the decimals; "1e-3", "2 x 10^5", "2×10⁵" and "-2/3" are numbers too. A float
    counts as its shortest decimal form. Raises ValueError, with a sentence for whoever wrote it, when it is
    no number, longer than TEXT_MAX or beyond 10^±EXPONENT_MAX (so that no input makes a huge integer).
    """
    match = _NUMBER.fullmatch(_plain(_as_text(text)))
    if match is None or not _is_unit(match["unit"]):
        raise ValueError(f"{HINT}.")
    exponent = int(match["exponent"] or 0)
    if abs(exponent) > EXPONENT_MAX:
        raise ValueError(f"The exponent must lie within ±{EXPONENT_MAX}.")
    below = _decimal(match["below"] or "1")
    if not below:
        raise ValueError("A fraction cannot divide by zero.")
    value = _decimal(match["digits"]) * Fraction(10) ** exponent / below
    return (-value if match["sign"] == "-" else value), plain_unit(match["unit"])


def read_number(text: str | float) -> Fraction:
    """The exact value of `text`, which has no unit. Raises ValueError as read_quantity does."""
    value, unit = read_quantity(text)
    if unit:
        raise ValueError(f"{HINT}; {unit!r} does not belong here.")
    return value


def plain_unit(unit: str) -> str:
    """`unit` as units are compared: single spaces, m² as m^2, the micro sign as the Greek letter."""
    return " ".join(_plain(unit).replace("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}").split())


def magnitude(value: Fraction) -> int:
    """The exponent of the leading digit: floor(log10 |value|), exactly. `value` is not 0."""
    top, bottom = abs(value.numerator), value.denominator
    guess = len(str(top)) - len(str(bottom))
    return guess if Fraction(top, bottom) >= Fraction(10) ** guess else guess - 1


def written(value: Fraction) -> str:
    """`value` as a decimal of at most 12 significant digits: 0.5, 1E+30."""
    context = Context(prec=12)
    digits = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    return f"{digits:f}" if -7 < digits.adjusted() < 12 else str(digits)


def _as_text(value: str | float) -> str:
    if isinstance(value, int) and value.bit_length() > 4 * TEXT_MAX:
        raise ValueError(f"Must have at most {TEXT_MAX} digits; write 1e120 for more.")
    text = value if isinstance(value, str) else repr(value)
    if len(text) > TEXT_MAX:
        raise ValueError(f"Must have at most {TEXT_MAX} characters.")
    return text


def _plain(text: str) -> str:
    text = text.strip().translate(_DASHES)
    return re.sub("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda run: "^" + run[0].translate(_SUPERSCRIPT), text)


def _is_unit(text: str) -> bool:
    # A rest that starts otherwise is a number we did not understand ("1,234.5", "10:30"), never a unit.
    return not text or text[0].isalpha() or text[0] in _UNIT_SIGNS


def _decimal(text: str) -> Fraction:
    return Fraction(text.replace(",", ".").removesuffix("."))
