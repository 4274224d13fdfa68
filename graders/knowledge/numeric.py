"""`numeric`: a number near a value, or inside an interval. Exact arithmetic: 3.15 is within 0.01 of 3.14."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from graders.knowledge.numerals import TEXT_MAX, magnitude, plain_unit, read_number, read_quantity, written
from graders.knowledge.question import Errors, Mark, QuestionGrader
from graders.knowledge.units import converted, is_known

_NUMBER = {"type": ["number", "string"], "maxLength": TEXT_MAX}
_UNIT = {"type": "string", "maxLength": 50}
_TOLERANCE = {
    "absolute": {"type": "number", "minimum": 0, "maximum": 1e300},
    "relative": {"type": "number", "minimum": 0, "maximum": 1},
    "significant_digits": {"type": "integer", "minimum": 1, "maximum": 50},
    "decimals": {"type": "integer", "minimum": 0, "maximum": 50},
}


class NumericGrader(QuestionGrader):
    """Answer `{"value": "3.14", "unit": "m"}`; the value is a string or a number, "3.14 m" is fine too."""

    kind = "numeric"
    title = "Number"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "value": _NUMBER,
            **_TOLERANCE,
            "close": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    **_TOLERANCE,
                    "credit": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                },
            },
            "interval": {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {
                    "min": _NUMBER,
                    "max": _NUMBER,
                    "min_open": {"type": "boolean"},
                    "max_open": {"type": "boolean"},
                },
            },
            "unit": _UNIT | {"minLength": 1},
            "convert": {"type": "boolean"},
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["value"],
        "properties": {"value": _NUMBER, "unit": _UNIT},
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        if ("value" in spec) == ("interval" in spec):
            return {"spec.value": ["Give either value or interval."]}
        if not plain_unit(spec.get("unit", "any")):
            return {"spec.unit": ["Must not be blank; leave it out when the answer has none."]}
        if errors := _convert_errors(spec):
            return errors
        if "interval" in spec:
            return _unused_errors(spec) or _bound_errors(spec["interval"])
        if errors := _number_errors(spec, "value", "spec"):
            return errors
        return _tolerance_errors(spec)

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        try:
            _, unit = read_quantity(answer["value"])
        except ValueError as error:
            return {"answer.value": [str(error)]}
        if unit and plain_unit(answer.get("unit", "")):
            return {"answer.unit": ["The unit stands twice, here and behind the number; leave one out."]}
        unit = unit or plain_unit(answer.get("unit", ""))
        if "unit" in spec and not unit:
            return {"answer.unit": ["This answer needs a unit; add it."]}
        if unit and "unit" not in spec:
            return {"answer.unit": ["This answer takes no unit; leave it out."]}
        return {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        value = _in_the_units_of(spec, answer)
        if value is None:
            return Mark(Fraction(0))
        if "interval" in spec:
            return Mark(Fraction(_inside(spec["interval"], value)))
        return Mark(_credit(spec, value))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        value = _in_the_units_of(spec, answer)
        if value is None:
            return {"value": ["in a unit that cannot be converted"]}
        return {"value": [f"{written(value)} {plain_unit(spec.get('unit', ''))}".strip()]}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {"unit_required": "unit" in spec}


def tolerance(key: Fraction, rule: Mapping[str, Any]) -> Fraction:
    """How far from `key` an answer may be: the widest of the tolerances in `rule`, 0 without any.

    absolute: a. relative: r |key|. decimals d: half a unit in the d-th decimal, 10^-d / 2. significant_digits
    n: half a unit in the n-th significant digit, 10^(e - n + 1) / 2 with e = floor(log10 |key|), the usual
    meaning of "agrees to n digits" in numerical analysis (N. Higham, Accuracy and Stability, section 1.2).
    """
    widths = [Fraction(str(rule.get("absolute", 0))), Fraction(str(rule.get("relative", 0))) * abs(key)]
    if "decimals" in rule:
        widths.append(Fraction(10) ** -int(rule["decimals"]) / 2)
    if "significant_digits" in rule:
        widths.append(Fraction(10) ** (magnitude(key) - int(rule["significant_digits"]) + 1) / 2)
    return max(widths)


def _in_the_units_of(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Fraction | None:
    """The answer's value in the spec's unit; None when its unit is another one that cannot be converted."""
    value, unit = read_quantity(answer["value"])
    unit, wanted = unit or plain_unit(answer.get("unit", "")), plain_unit(spec.get("unit", ""))
    if unit == wanted:
        return value
    return converted(value, unit, wanted) if spec.get("convert", True) else None


def _credit(spec: Mapping[str, Any], value: Fraction) -> Fraction:
    key = read_number(spec["value"])
    if abs(value - key) <= tolerance(key, spec):
        return Fraction(1)
    close = spec.get("close")
    if close is not None and abs(value - key) <= tolerance(key, close):
        return Fraction(str(close.get("credit", 0.5)))
    return Fraction(0)


def _inside(interval: Mapping[str, Any], value: Fraction) -> bool:
    low, high = _bound(interval, "min"), _bound(interval, "max")
    if low is not None and (value < low or (value == low and interval.get("min_open", False))):
        return False
    return high is None or value < high or (value == high and not interval.get("max_open", False))


def _bound(interval: Mapping[str, Any], side: str) -> Fraction | None:
    return read_number(interval[side]) if side in interval else None


def _number_errors(holder: Mapping[str, Any], field: str, path: str) -> Errors:
    try:
        read_number(holder[field])
    except ValueError as error:
        return {f"{path}.{field}": [str(error)]}
    return {}


def _convert_errors(spec: Mapping[str, Any]) -> Errors:
    if "convert" in spec and "unit" not in spec:
        return {"spec.convert": ["There is no unit to convert into; add one, or leave this out."]}
    if spec.get("convert") and not is_known(spec["unit"]):
        return {"spec.convert": [f"{spec['unit']!r} is no unit that can be converted; leave this out."]}
    return {}


def _unused_errors(spec: Mapping[str, Any]) -> Errors:
    message = "Belongs to value; an interval says itself what is near enough."
    return {f"spec.{field}": [message] for field in (*_TOLERANCE, "close") if field in spec}


def _bound_errors(interval: Mapping[str, Any]) -> Errors:
    for side in ("min", "max"):
        if side in interval and (errors := _number_errors(interval, side, "spec.interval")):
            return errors
        if f"{side}_open" in interval and side not in interval:
            return {f"spec.interval.{side}_open": [f"There is no {side} that could be open; add it."]}
    low, high = _bound(interval, "min"), _bound(interval, "max")
    if low is None or high is None or low < high or (low == high and _inside(interval, low)):
        return {}
    return {"spec.interval": ["No number lies in it; min must be below max."]}


def _tolerance_errors(spec: Mapping[str, Any]) -> Errors:
    key, close = read_number(spec["value"]), spec.get("close")
    for path, rule in (("spec", spec), ("spec.close", close or {})):
        for field in ("relative", "significant_digits"):
            if key == 0 and field in rule:
                return {f"{path}.{field}": ["Means nothing at 0; use absolute or decimals."]}
    if close is not None and tolerance(key, close) <= tolerance(key, spec):
        return {"spec.close": ["Must reach further than the tolerance for full credit; widen it."]}
    return {}
