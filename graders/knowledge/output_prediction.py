"""`output_prediction`: read a program and write what it prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from graders.knowledge.question import COMMENT, Errors, Mark, QuestionGrader
from graders.knowledge.sequences import common_length
from graders.knowledge.wording import is_blank

OUTPUT_MAX = 4_000
LINES_MAX = 200
CREDIT = ("all_or_nothing", "each_line")
_OUTPUT = {"type": "string", "minLength": 1, "maxLength": OUTPUT_MAX}


class OutputPredictionGrader(QuestionGrader):
    """Answer `{"text": "..."}`. Blanks at the ends of lines and empty lines at the end never count."""

    kind = "output_prediction"
    title = "Output of a program"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["source", "output"],
        "properties": {
            "language": {"type": "string", "maxLength": 32},
            "source": {"type": "string", "minLength": 1, "maxLength": 20_000},
            "stdin": {"type": "string", "maxLength": 10_000},
            "output": _OUTPUT,
            "credit": {"enum": list(CREDIT)},
            "wrong": {
                "type": "array",
                "maxItems": 20,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["output", "feedback"],
                    "properties": {"output": _OUTPUT, "feedback": COMMENT | {"minLength": 1}},
                },
            },
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "properties": {"text": _OUTPUT},
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        if message := _output_error(spec["output"]):
            return {"spec.output": [message]}
        for index, entry in enumerate(spec.get("wrong", ())):
            if printed_lines(entry["output"]) == printed_lines(spec["output"]):
                return {f"spec.wrong.{index}.output": ["Is the right output; remove it."]}
        return {}

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        message = _output_error(answer["text"])
        return {"answer.text": [message]} if message else {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        key, given = printed_lines(spec["output"]), printed_lines(answer["text"])
        known = (e["feedback"] for e in spec.get("wrong", ()) if printed_lines(e["output"]) == given)
        return Mark(_score(spec, key, given), next(known, ""))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"text": ["\n".join(printed_lines(answer["text"]))]}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "language": spec.get("language"),
            "source": spec["source"],
            "stdin": spec.get("stdin"),
            "credit": spec.get("credit", "all_or_nothing"),
        }


def printed_lines(text: str) -> list[str]:
    """The lines of `text` without what nobody sees: white space at their ends, empty lines at the end."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _score(spec: Mapping[str, Any], key: Sequence[str], given: Sequence[str]) -> Fraction:
    if spec.get("credit") != "each_line":
        return Fraction(key == given)
    # The longest run of right lines in order over the longer of both: a missing line costs that line only.
    return Fraction(common_length(key, given), max(len(key), len(given)))


def _output_error(text: str) -> str | None:
    if is_blank(text):
        return "Must not be blank; write what the program prints."
    if len(printed_lines(text)) > LINES_MAX:
        return f"Must have at most {LINES_MAX} lines."
    return None
