"""The limits in a spec: their schema, what they come to in a language, and which make no sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.grading import Limits
from graders.languages import LANGUAGES
from graders.languages.base import Language

MAX_CPU = 20
MAX_WALL = 60.0
OVERRIDES = "by_language"
_LIMITS: dict[str, Any] = {
    "cpu_seconds": {"type": "number", "minimum": 0.05, "maximum": MAX_CPU},
    "wall_seconds": {"type": "number", "minimum": 0.05, "maximum": MAX_WALL},
    "memory_mb": {"type": "integer", "minimum": 16, "maximum": 2048},
    "output_kb": {"type": "integer", "minimum": 1, "maximum": 65536},
    "processes": {"type": "integer", "minimum": 1, "maximum": 256},
}
_OVERRIDES_SCHEMA = {
    "type": "object",
    "propertyNames": {"enum": sorted(LANGUAGES)},
    "additionalProperties": {"type": "object", "properties": _LIMITS, "additionalProperties": False},
}
LIMITS_SCHEMA = {
    "type": "object",
    "properties": {**_LIMITS, OVERRIDES: _OVERRIDES_SCHEMA},
    "additionalProperties": False,
}


def read_limits(spec: Mapping[str, Any]) -> Limits:
    """The limits of one test, with the wall clock never beyond its bound. A language's time factor comes on top."""
    given = spec.get("limits", {})
    return _bounded(Limits(**{name: value for name, value in given.items() if name != OVERRIDES}))


def limits_for(spec: Mapping[str, Any], language: Language) -> Limits:
    """The limits of one test in that language, where the challenge has a word of its own for it.

    Such times are meant as they stand: the language's factor, which comes on top of all times, is taken out.
    """
    general = read_limits(spec)
    own = spec.get("limits", {}).get(OVERRIDES, {}).get(language.name)
    if own is None:
        return general
    times = {name: value / language.time_factor for name, value in own.items() if name.endswith("_seconds")}
    if "cpu_seconds" in own and "wall_seconds" not in own:
        times["wall_seconds"] = Limits(cpu_seconds=own["cpu_seconds"]).wall / language.time_factor
    return _bounded(replace(general, **{**own, **times}))


def limit_field(spec: Mapping[str, Any], language: Language) -> tuple[str, float]:
    """Where the CPU limit of that language stands in a spec, and what it is multiplied by there."""
    own = spec.get("limits", {}).get(OVERRIDES, {}).get(language.name, {})
    if "cpu_seconds" in own:
        return f"limits.{OVERRIDES}.{language.name}.cpu_seconds", 1.0
    return "limits.cpu_seconds", language.time_factor


def limit_errors(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages by field for a clock that would end each program before its CPU time could."""
    given = spec.get("limits", {})
    places = {"spec.limits": given}
    places |= {f"spec.limits.{OVERRIDES}.{name}": own for name, own in given.get(OVERRIDES, {}).items()}
    return {
        f"{path}.wall_seconds": ["Must be at least cpu_seconds; or leave it out."]
        for path, limits in places.items()
        if _clock_too_short({**given, **limits})
    }


def shown_limits(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner reads of them."""
    limits = read_limits(spec)
    shown = {
        "cpu_seconds": limits.cpu_seconds,
        "wall_seconds": limits.wall,
        "memory_mb": limits.memory_mb,
        "output_kb": limits.output_kb,
        "processes": limits.processes,
    }
    own = spec.get("limits", {}).get(OVERRIDES)
    return shown | {OVERRIDES: own} if own else shown


def _clock_too_short(limits: Mapping[str, Any]) -> bool:
    return bool(limits.get("wall_seconds", MAX_WALL) < limits.get("cpu_seconds", Limits().cpu_seconds))


def _bounded(limits: Limits) -> Limits:
    return limits if limits.wall <= MAX_WALL else replace(limits, wall_seconds=MAX_WALL)
