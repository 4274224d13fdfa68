"""`text`: a word or a sentence, compared with the accepted ones after normalisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graders.knowledge.patterns import PATTERN_MAX, BadPattern, check_pattern
from graders.knowledge.question import COMMENT, Errors, Mark, QuestionGrader
from graders.knowledge.wording import WHITESPACE, is_blank, normalise, pattern_of, recognised, weight_of

ANSWER_MAX = 10_000
ACCEPT_MAX = 50
# Bounds the work of the similarity test: ACCEPT_MAX comparisons of at most 200 x 400 characters.
SIMILAR_TEXT_MAX = 200
PATTERNS_MAX = 10
_WORDING = {
    "text": {"type": "string", "minLength": 1, "maxLength": ANSWER_MAX},
    "pattern": {"type": "string", "minLength": 1, "maxLength": PATTERN_MAX},
    "example": {"type": "string", "minLength": 1, "maxLength": ANSWER_MAX},
}


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
                    "properties": {
                        **_WORDING,
                        "weight": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                        "feedback": COMMENT,
                    },
                },
            },
            "wrong": {
                "type": "array",
                "maxItems": ACCEPT_MAX,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["feedback"],
                    "properties": {**_WORDING, "feedback": COMMENT | {"minLength": 1}},
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
        return text_errors(spec)

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        if is_blank(answer["text"]):
            return {"answer.text": ["Must not be blank; write an answer."]}
        return {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        entry, weight = recognised(spec, answer["text"])
        return Mark(weight, entry.get("feedback", ""))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"text": [normalise(spec, answer["text"])]}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "ignore_case": spec.get("ignore_case", False),
            "ignore_accents": spec.get("ignore_accents", False),
            "whitespace": spec.get("whitespace", "collapse"),
        }


def text_errors(spec: Mapping[str, Any]) -> Errors:
    """What makes an accepted or a known wrong text unusable, or full credit unreachable."""
    if all(weight_of(entry) < 1 for entry in spec["accept"]):
        return {"spec.accept": ["No text is worth full credit; leave the weight of at least one out."]}
    seen: dict[str, str] = {}
    for path, entry in _entries(spec):
        if message := _form_error(entry):
            return {f"spec.{path}": [message]}
        if "text" in entry:
            if message := _text_error(spec, entry, seen):
                return {f"spec.{path}.text": [message]}
            seen[normalise(spec, entry["text"])] = path
    return _all_pattern_errors(spec)


def _entries(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for field in ("accept", "wrong"):
        for index, entry in enumerate(spec.get(field, [])):
            yield f"{field}.{index}", entry


def _form_error(entry: Mapping[str, Any]) -> str | None:
    if ("text" in entry) == ("pattern" in entry):
        return "Give either text or pattern."
    if ("pattern" in entry) != ("example" in entry):
        return "A pattern needs an example, a text that matches it; a text needs none."
    return None


def _all_pattern_errors(spec: Mapping[str, Any]) -> Errors:
    entries = {path: entry for path, entry in _entries(spec) if "pattern" in entry}
    if len(entries) > PATTERNS_MAX:
        return {"spec.accept": [f"At most {PATTERNS_MAX} patterns, accepted and wrong ones together."]}
    for path, entry in entries.items():
        try:
            check_pattern(pattern_of(spec, entry), bool(spec.get("ignore_case")))
        except BadPattern as error:
            return {f"spec.{path}.pattern": [str(error)]}
    for path, entry in entries.items():
        if is_blank(entry["example"]) or recognised(spec, entry["example"])[0] is not entry:
            return {f"spec.{path}.example": ["Does not match this pattern, or another entry comes first."]}
    return {}


def _text_error(spec: Mapping[str, Any], entry: Mapping[str, Any], seen: Mapping[str, str]) -> str | None:
    text = normalise(spec, entry["text"])
    if is_blank(text):
        return "Nothing is left of it to compare; write a text that shows."
    if text in seen:
        return f"Means the same as {seen[text]} under these rules; remove one."
    if "similarity" in spec and len(text) > SIMILAR_TEXT_MAX:
        return f"With similarity a text has at most {SIMILAR_TEXT_MAX} characters; this has {len(text)}."
    return None
