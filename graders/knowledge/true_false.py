"""`true_false`: is the statement true?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from graders.knowledge.question import COMMENT, Errors, Mark, QuestionGrader


class TrueFalseGrader(QuestionGrader):
    """Answer `{"value": true}`."""

    kind = "true_false"
    title = "True or false"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["correct"],
        "properties": {
            "correct": {"type": "boolean"},
            "feedback": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"right": COMMENT, "wrong": COMMENT},
            },
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["value"],
        "properties": {"value": {"type": "boolean"}},
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        return {}

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        return {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        right = answer["value"] is spec["correct"]
        return Mark(Fraction(right), spec.get("feedback", {}).get("right" if right else "wrong", ""))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"value": ["true" if answer["value"] else "false"]}

    def offered_values(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"value": ["true", "false"]}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {}
