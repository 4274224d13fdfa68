"""Convert a number from one unit to another, exactly and in bounded time.

pint knows the units. Its parser evaluates whole expressions, powers of powers too, so it never sees what a
learner wrote: a small grammar takes that apart, and pint is asked for single names only.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from graders.knowledge.numerals import plain_unit

FACTORS_MAX = 8
NAME_MAX = 30
# A name and its power: m^2 or m2.
_FACTOR = re.compile(
    rf"(?P<name>[^\W\d]{{1,{NAME_MAX}}}|[%‰°][^\W\d]{{0,{NAME_MAX}}})(?:\^?(?P<power>[+-]?[1-9]))?"
)
_WORDS = {"°": "degree"}
_QUOTIENT = re.compile(r"(?P<above>[^/()]*)(?:/\s*\((?P<group>[^/()]*)\)|(?P<below>(?:\s*/[^/()]+)*))")


def converted(value: Fraction, unit: str, wanted: str) -> Fraction | None:
    """`value` in the unit `wanted`; None when one of the units is unknown or they measure different things.

    Units are products and quotients of names with small powers: "km/h", "J/(kg K)", "m·s^-2", "°C".
    """
    one, other = _unit(unit), _unit(wanted)
    if one is None or other is None:
        return None
    try:
        return Fraction(_registry().Quantity(value, one).to(other).magnitude)
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        # Among them pint's own for units that measure different things. Decibels have no exact value.
        return None


def is_known(unit: str) -> bool:
    """Whether `unit` can be converted at all, for a start into itself."""
    return converted(Fraction(1), unit, unit) is not None


@lru_cache(maxsize=256)
def _unit(text: str) -> Any:
    try:
        factors = list(_factors(plain_unit(text).replace("**", "^")))
        return _product(factors) if 1 <= len(factors) <= FACTORS_MAX else None
    except (TypeError, ValueError, AttributeError, KeyError, AssertionError):
        # What pint raises for a name that it does not know.
        return None


def _product(factors: list[tuple[str, int]]) -> Any:
    product = _registry().Unit("")
    for name, power in factors:
        product = product * _registry().Unit(_registry().get_name(_WORDS.get(name, name))) ** power
    return product


def _factors(text: str) -> Iterator[tuple[str, int]]:
    """Each factor's name and power. Raises ValueError when `text` is no unit."""
    match = _QUOTIENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    if match["above"].strip() != "1":
        yield from (_factor(piece, 1) for piece in _pieces(match["above"]))
    yield from (_factor(piece, -1) for piece in _pieces(match["group"] or ""))
    # Without parentheses one factor only: people read "J/kg K" in two ways.
    yield from (_factor(piece.strip(), -1) for piece in (match["below"] or "").split("/")[1:])


def _pieces(text: str) -> list[str]:
    return re.split(r"\s*[*·]\s*|\s+", text.strip()) if text.strip() else []


def _factor(text: str, sign: int) -> tuple[str, int]:
    if (match := _FACTOR.fullmatch(text)) is None:
        raise ValueError(text)
    return match["name"], sign * int(match["power"] or 1)


@cache
def _registry() -> Any:
    # Imported on first use: it takes most of a second, and most processes never convert.
    import pint

    # Its hints on ambiguous names ("Parsing x yield multiple results") would fill our log with learners' words.
    logging.getLogger("pint").setLevel(logging.ERROR)
    return pint.UnitRegistry(non_int_type=Fraction, cache_folder=None, on_redefinition="ignore")
