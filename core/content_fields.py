"""The fields of categories.yaml and challenge.yaml, and what is wrong with a value for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.locales import is_locale
from core.words import ChallengeState, Difficulty, Resubmission

Check = Callable[[Any], str | None]

HINTS_MAX = 20
PREREQUISITES_MAX = 50
PREREQUISITES_DEEP = 8
_REFERENCE = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/)?[a-z0-9]+(?:-[a-z0-9]+)*")


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


def one_of(words: Iterable[str]) -> Check:
    """One of `words`."""
    allowed = [str(word) for word in words]
    return lambda value: None if value in allowed else f"Must be one of {', '.join(allowed)}."


def mapping(value: Any) -> str | None:
    return None if isinstance(value, dict) and value else "Must be a mapping with at least one key."


def tags(value: Any) -> str | None:
    fits = isinstance(value, list) and len(value) <= 20 and all(text(64)(item) is None for item in value)
    return None if fits and len(set(value)) == len(value) else "Must be a list of at most 20 different texts."


def number(least: float, most: float) -> Check:
    """A number from `least` to `most`."""
    message = f"Must be a number from {least:g} to {most:g}."

    def check(value: Any) -> str | None:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
        return None if fits else message

    return check


def prose(value: Any) -> str | None:
    return (
        None
        if isinstance(value, str) and len(value) <= 50_000
        else "Must be text of at most 50000 characters."
    )


def nullable(check: Check) -> Check:
    """Nothing, or what `check` takes."""
    return lambda value: None if value is None else check(value)


def moment(value: Any) -> str | None:
    """A time with its offset from UTC."""
    try:
        fits = isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None
        fits = fits and 1970 < datetime.fromisoformat(value).year < 9999
    except ValueError:
        fits = False
    return None if fits else "Must be a time with an offset, such as 2026-09-01T08:00:00+02:00."


def hints(value: Any) -> str | None:
    """Texts and what each costs."""
    message = f"Must be a list of at most {HINTS_MAX} hints, each {{text: ..., cost: points}}."
    if not isinstance(value, list) or len(value) > HINTS_MAX:
        return message
    checks = {"text": text(10_000), "cost": whole(0, 1_000_000)}
    for hint in value:
        if not isinstance(hint, dict) or hint.keys() != checks.keys():
            return message
        if wrong := next(
            (f"{key}: {said}" for key, check in checks.items() if (said := check(hint[key]))), None
        ):
            return f"In a hint, {wrong}"
    return None


def prerequisites(value: Any) -> str | None:
    """A tree of conditions; see content/README.md."""
    if value is None:
        return None
    try:
        nodes = sum(1 for _ in _nodes(value, 0))
    except ValueError as error:
        return str(error)
    return None if nodes <= PREREQUISITES_MAX else f"Must have at most {PREREQUISITES_MAX} conditions."


def _nodes(tree: Any, depth: int) -> Iterator[Any]:
    yield tree
    if depth > PREREQUISITES_DEEP:
        raise ValueError(f"Must be at most {PREREQUISITES_DEEP} levels deep.")
    if not isinstance(tree, dict) or len(tree) != 1:
        raise ValueError("Each condition is one of all: [...], any: [...], challenge: name, points: number.")
    [(key, value)] = tree.items()
    if key in ("all", "any") and isinstance(value, list) and value:
        for branch in value[: PREREQUISITES_MAX + 1]:
            yield from _nodes(branch, depth + 1)
    elif not _is_condition(key, value):
        raise ValueError(
            f"{key!r} is wrong: all and any take a list of conditions, challenge the name of a challenge "
            "(category/name, or name in the same category), points a whole number."
        )


def _is_condition(key: str, value: Any) -> bool:
    if key == "challenge":
        return isinstance(value, str) and len(value) <= 121 and bool(_REFERENCE.fullmatch(value))
    return key == "points" and whole(1, 1_000_000)(value) is None


def translations(value: Any) -> str | None:
    """By locale: the title, longer texts, and under texts those inside the spec."""
    if not isinstance(value, dict) or len(value) > 50:
        return "Must map at most 50 locales, such as de, to their texts."
    for locale, texts in value.items():
        if locale_tag(locale):
            return f"{locale!r} is no locale; write one such as de or pt-BR."
        if message := _translation(texts):
            return f"{locale}: {message}"
    return None


def _translation(texts: Any) -> str | None:
    checks = {
        "title": text(200),
        "description": prose,
        "editorial": prose,
        "hints": _texts,
        "texts": _dictionary,
    }
    if not isinstance(texts, dict) or not texts.keys() <= checks.keys():
        return f"Must be a mapping with {', '.join(checks)}."
    return next((f"{key}: {said}" for key in texts if (said := checks[key](texts[key]))), None)


def locale_tag(value: Any) -> str | None:
    """A language tag."""
    return (
        None
        if isinstance(value, str) and is_locale(value)
        else "Must be a language tag, such as de or pt-BR."
    )


def _texts(value: Any) -> str | None:
    fits = isinstance(value, list) and len(value) <= HINTS_MAX and all(prose(item) is None for item in value)
    return None if fits else f"Must be a list of at most {HINTS_MAX} texts, in the order of the hints."


def _dictionary(value: Any) -> str | None:
    fits = isinstance(value, dict) and len(value) <= 1000
    fits = fits and all(
        isinstance(item, str) and len(key) <= 10_000 >= len(item) for key, item in value.items()
    )
    return None if fits else "Must map at most 1000 texts of the challenge to their translations."


CATEGORY: dict[str, Field] = {"name": Field(text(64), required=True), "description": Field(text(10_000))}
CHALLENGE: dict[str, Field] = {
    "title": Field(text(200), required=True),
    "difficulty": Field(one_of(Difficulty), required=True),
    "points": Field(whole(0, 1_000_000), required=True),
    "kind": Field(text(64), required=True),
    "tags": Field(tags),
    "state": Field(one_of(ChallengeState)),
    "attempts_max": Field(nullable(whole(1, 1_000_000))),
    "on_resubmit": Field(one_of(Resubmission)),
    "on_rejudge": Field(one_of(("keep", "adjust"))),
    "cooldown_seconds": Field(nullable(whole(1, 10_000_000))),
    "attempt_penalty": Field(number(0, 1)),
    "hints": Field(hints),
    "locale": Field(locale_tag),
    "publish_at": Field(nullable(moment)),
    "prerequisites": Field(prerequisites),
    "translations": Field(translations),
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
