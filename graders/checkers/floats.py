"""Numbers within a tolerance, all else as words; agrees with Kattis' `default_validator`."""

from __future__ import annotations

import math
import re

from graders.checkers.base import Checker, Options

DEFAULT_TOLERANCE = 1e-6
# What C's scanf("%lf") takes whole: also "1e", where the exponent's digits are missing, and hexadecimal.
DECIMAL = re.compile(rb"([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d*)?")
HEXADECIMAL = re.compile(rb"([+-]?0[xX](?:[\da-fA-F]+\.?[\da-fA-F]*|\.[\da-fA-F]+))([pP][+-]?\d*)?")

NO_DIGITS = re.compile(rb"[+-]?0[xX]\.")  # scanf makes it 0


def accepts(expected: bytes, got: bytes, options: Options) -> bool:
    """As many words; each number within *either* tolerance of the expected one, other words the same.

    `absolute` and `relative` (to the expected number) are 1e-6 when neither is given; one alone counts alone.
    Infinities and NaN are words.
    """
    if options.get("ignore_case"):
        expected, got = expected.lower(), got.lower()
    wanted, given = expected.split(), got.split()
    return len(wanted) == len(given) and all(
        _same(want, give, options) for want, give in zip(wanted, given, strict=True)
    )


def _same(want: bytes, give: bytes, options: Options) -> bool:
    right = number(want)
    if right is None:
        return want == give
    value = number(give)
    return value is not None and close(right, value, options)


def close(right: float, value: float, options: Options) -> bool:
    """Whether `value` is within the absolute or the relative tolerance of `right`; both are finite."""
    fallback = DEFAULT_TOLERANCE if not options.keys() & {"absolute", "relative"} else 0.0
    difference = abs(right - value)
    absolute = float(options.get("absolute", fallback))
    relative = float(options.get("relative", fallback))
    return difference <= absolute or difference <= relative * abs(right)


def number(word: bytes) -> float | None:
    """The finite number that a word is, else None."""
    try:
        value = _value(word)
    except OverflowError:
        return None
    return value if value is not None and math.isfinite(value) else None


def _value(word: bytes) -> float | None:
    if match := DECIMAL.fullmatch(word):
        return float(match[1] + _exponent(match[2]))
    if NO_DIGITS.fullmatch(word):
        return 0.0
    if match := HEXADECIMAL.fullmatch(word):
        return float.fromhex((match[1] + _exponent(match[2])).decode())
    return None


def _exponent(text: bytes | None) -> bytes:
    return text if text and text[-1:].isdigit() else b""


TOLERANCE = {"type": "number", "minimum": 0, "maximum": 1e9}
FLOATS = Checker(
    "floats",
    accepts,
    {"absolute": TOLERANCE, "relative": TOLERANCE, "ignore_case": {"type": "boolean"}},
)
