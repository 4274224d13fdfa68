"""The fields of categories.yaml and challenge.yaml, and what is wrong with a value for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.words import ChallengeState, Difficulty, Resubmission

Check = Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Field:
    """`check` answers what is wrong with a value, or None."""

    check: Check
    required: bool = False


def text(limit: int) -> Check:
    """Text that is not blank, of at most `limit` characters."""
    message = f"Must be text of 1 to {limit} characters; put numbers in quotes."
    return lambda value: (
        None if isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= limit else message
    )


def whole(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""
    message = f"Must be a whole number from {least} to {most}."

    def check(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if fits else message

    return check


def one_of(words: type[StrEnum]) -> Check:
    """One of `words`."""
    allowed = [word.value for word in words]
    return lambda value: None if value in allowed else f"Must be one of {', '.join(allowed)}."


def mapping(value: Any) -> str | None:
    return None if isinstance(value, dict) and value else "Must be a mapping with at least one key."


def tags(value: Any) -> str | None:
    fits = isinstance(value, list) and len(value) <= 20 and all(text(64)(item) is None for item in value)
    return None if fits and len(set(value)) == len(value) else "Must be a list of at most 20 different texts."


CATEGORY: dict[str, Field] = {"name": Field(text(64), required=True), "description": Field(text(10_000))}
CHALLENGE: dict[str, Field] = {
    "title": Field(text(200), required=True),
    "difficulty": Field(one_of(Difficulty), required=True),
    "points": Field(whole(0, 1_000_000), required=True),
    "kind": Field(text(64), required=True),
    "tags": Field(tags),
    "state": Field(one_of(ChallengeState)),
    "attempts_max": Field(whole(1, 1_000_000)),
    "on_resubmit": Field(one_of(Resubmission)),
    "spec": Field(mapping, required=True),
    "examples": Field(mapping),
}


def field_errors(fields: Mapping[str, Field], value: Any) -> dict[str, str]:
    """What is wrong with `value`, by key ("" for all of it); empty when it has the `fields`."""
    if not isinstance(value, dict):
        return {"": f"Must be a mapping with {', '.join(fields)}."}
    errors = {key: f"Unknown key; there are {', '.join(fields)}." for key in value if key not in fields}
    for key, item in fields.items():
        if key not in value and item.required:
            errors[key] = "Is missing; add it."
        elif key in value and (message := item.check(value[key])):
            errors[key] = message
    return errors
