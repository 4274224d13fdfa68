"""Which of the author's texts and patterns a learner's text is."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graders.knowledge.patterns import matches
from graders.knowledge.similarity import similarity
from graders.scoring import exact

WHITESPACE = ("collapse", "trim", "ignore", "exact")


@dataclass(frozen=True, slots=True)
class Given:
    """A learner's text under the rules of `spec`: as texts compare it, and as patterns read it."""

    spec: Mapping[str, Any]
    compared: str
    read: str


def normalise(spec: Mapping[str, Any], text: str) -> str:
    """`text` as it is compared: canonical Unicode form, then what the spec says to ignore."""
    text = unicodedata.normalize("NFC", text)
    if spec.get("ignore_case"):
        text = text.casefold()
    if spec.get("ignore_accents"):
        text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    text = _spaced(text, spec.get("whitespace", "collapse"))
    # Again: casefold and dropped accents leave characters that have a composed form.
    return unicodedata.normalize("NFC", text)


def is_blank(text: str) -> bool:
    """Whether nothing of `text` shows: white space, control and format characters (zero-width space) only."""
    return all(char.isspace() or unicodedata.category(char) in ("Cc", "Cf") for char in text)


def _spaced(text: str, rule: str) -> str:
    if rule == "exact":
        return text
    if rule == "trim":
        return text.strip()
    return ("" if rule == "ignore" else " ").join(text.split())


def recognised(spec: Mapping[str, Any], text: str) -> tuple[Mapping[str, Any], Fraction]:
    """The entry that `text` is ({} for none), and what it is worth.

    A text beats a pattern and a pattern beats a likeness; of two alike, an accepted one beats a known wrong
    one. So "effect" can be known as wrong although it is like the accepted "affect".
    """
    # RE2 folds the case itself: casefolding a pattern would make \w of \W.
    given = Given(spec, normalise(spec, text), normalise({**spec, "ignore_case": False}, text))
    for rule in (_same, _fits, _alike):
        if found := [entry for entry in spec["accept"] if rule(given, entry)]:
            best = max(found, key=weight_of)
            return best, weight_of(best)
        known = [entry for entry in spec.get("wrong", ()) if rule is not _alike and rule(given, entry)]
        if known:
            return known[0], Fraction(0)
    return {}, Fraction(0)


def weight_of(entry: Mapping[str, Any]) -> Fraction:
    """The credit of an accepted entry, 0..1."""
    return exact(entry.get("weight", 1))


def pattern_of(spec: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """The entry's pattern without what the texts that it reads have lost."""
    rules = {"ignore_accents": spec.get("ignore_accents", False), "whitespace": "exact"}
    return normalise(rules, entry["pattern"])


def _same(given: Given, entry: Mapping[str, Any]) -> bool:
    return "text" in entry and normalise(given.spec, entry["text"]) == given.compared


def _fits(given: Given, entry: Mapping[str, Any]) -> bool:
    if "pattern" not in entry:
        return False
    return matches(pattern_of(given.spec, entry), given.read, bool(given.spec.get("ignore_case")))


def _alike(given: Given, entry: Mapping[str, Any]) -> bool:
    if "similarity" not in given.spec or "text" not in entry:
        return False
    accepted = normalise(given.spec, entry["text"])
    # Twice as long is at most half alike, which no threshold accepts: a long answer costs nothing.
    if len(given.compared) > 2 * len(accepted):
        return False
    return similarity(accepted, given.compared) >= exact(given.spec["similarity"])
