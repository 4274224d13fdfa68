"""Kattis' validator flags and our checkers, each as the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.exchange.values import BadValue

_TOLERANCES = {
    "float_tolerance": ("absolute", "relative"),
    "float_absolute_tolerance": ("absolute",),
    "float_relative_tolerance": ("relative",),
}


def checker_of(flags: str) -> dict[str, Any]:
    """The checker that the default validator is with these flags. Raises BadValue."""
    words = flags.split()
    exact_case = exact_space = False
    tolerances: dict[str, float] = {}
    while words:
        word = words.pop(0)
        if word == "case_sensitive":
            exact_case = True
        elif word == "space_change_sensitive":
            exact_space = True
        elif word in _TOLERANCES and words:
            tolerances |= dict.fromkeys(_TOLERANCES[word], _tolerance(words.pop(0)))
        else:
            raise BadValue("validator_flags", f"{word[:40]!r} is no flag of the default validator.")
    if exact_space:
        if tolerances or not exact_case:
            raise BadValue(
                "validator_flags", "White space counts here only together with case, and without floats."
            )
        return {"name": "exact"}
    case = {} if exact_case else {"ignore_case": True}
    return {"name": "floats", **tolerances, **case} if tolerances else {"name": "tokens", **case}


def flags_of(checker: Mapping[str, Any]) -> str:
    """The flags with which the default validator is this checker. Raises BadValue."""
    name = checker.get("name")
    if name == "exact":
        return "case_sensitive space_change_sensitive"
    if name not in ("tokens", "floats"):
        raise BadValue("spec.checker", f"Kattis has no checker {name}; use tokens, floats, exact or custom.")
    flags = [] if checker.get("ignore_case") else ["case_sensitive"]
    if name == "floats":
        given = {key: checker[key] for key in ("absolute", "relative") if key in checker}
        given = given or {"absolute": 1e-6, "relative": 1e-6}
        flags += [f"float_{key}_tolerance {value}" for key, value in given.items()]
    return " ".join(flags)


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1e9:
        raise BadValue("validator_flags", f"{text[:40]!r} is no tolerance.")
    return value
