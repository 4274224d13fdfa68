"""`text`: a word or a sentence, compared with the accepted ones after normalisation.

Regular expressions need a guard against hanging and come with it; until then list each spelling.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from graders.knowledge.question import Errors, Mark, QuestionGrader, exact
from graders.knowledge.similarity import similarity

ANSWER_MAX = 10_000
ACCEPT_MAX = 50
# Bounds the work of the similarity test: ACCEPT_MAX comparisons of at most 200 x 400 characters.
SIMILAR_TEXT_MAX = 200
WHITESPACE = ("collapse", "trim", "ignore", "exact")


class TextGrader(QuestionGrader):
    """Answer `{"text": "..."}`; scores the greatest weight among the accepted texts that it matches."""

    kind = "text"
    title = "Text"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["accept"],
        "properties": {
            "accept": {
                "type": "array",
                "minItems": 1,
                "maxItems": ACCEPT_MAX,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["text"],
                    "properties": {
                        "text": {"type": "string", "minLength": 1, "maxLength": ANSWER_MAX},
                        "weight": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                        "feedback": {"type": "string", "maxLength": 1000},
                    },
                },
            },
            "ignore_case": {"type": "boolean"},
            "ignore_accents": {"type": "boolean"},
            "whitespace": {"enum": list(WHITESPACE)},
            "similarity": {"type": "number", "minimum": 0.5, "maximum": 1},
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "properties": {"text": {"type": "string", "minLength": 1, "maxLength": ANSWER_MAX}},
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        seen: dict[str, int] = {}
        for index, entry in enumerate(spec["accept"]):
            if message := _entry_error(spec, entry, seen):
                return {f"spec.accept.{index}.text": [message]}
            seen[normalise(spec, entry["text"])] = index
        if all(_weight(entry) < 1 for entry in spec["accept"]):
            return {"spec.accept": ["No text is worth full credit; leave the weight of at least one out."]}
        return {}

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        if is_blank(answer["text"]):
            return {"answer.text": ["Must not be blank; write an answer."]}
        return {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        given = normalise(spec, answer["text"])
        matches = [entry for entry in spec["accept"] if _matches(spec, normalise(spec, entry["text"]), given)]
        best = max(matches, key=_weight, default=None)
        return Mark(_weight(best), best.get("feedback", "")) if best else Mark(Fraction(0))

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "ignore_case": spec.get("ignore_case", False),
            "ignore_accents": spec.get("ignore_accents", False),
            "whitespace": spec.get("whitespace", "collapse"),
        }


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


def _matches(spec: Mapping[str, Any], accepted: str, given: str) -> bool:
    if accepted == given:
        return True
    # Twice as long is at most half alike, which no threshold accepts: a long answer costs nothing.
    if "similarity" not in spec or len(given) > 2 * len(accepted):
        return False
    return similarity(accepted, given) >= exact(spec["similarity"])


def _weight(entry: Mapping[str, Any]) -> Fraction:
    return exact(entry.get("weight", 1))


def _entry_error(spec: Mapping[str, Any], entry: Mapping[str, Any], seen: Mapping[str, int]) -> str | None:
    text = normalise(spec, entry["text"])
    if is_blank(text):
        return "Nothing is left of it to compare; write a text that shows."
    if text in seen:
        return f"Means the same as accept.{seen[text]} under these rules; remove one."
    if "similarity" in spec and len(text) > SIMILAR_TEXT_MAX:
        return f"With similarity a text has at most {SIMILAR_TEXT_MAX} characters; this has {len(text)}."
    return None
