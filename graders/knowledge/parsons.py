"""`parsons`: build a program from its lines, mixed with lines that do not belong (D. Parsons, P. Haden, 2006)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from graders.knowledge.dependencies import Before, all_before, most_in_order
from graders.knowledge.items import ID, arranged, repeated, tell_the_order
from graders.knowledge.question import COMMENT, Errors, Mark, QuestionGrader

LINES_MAX = 50
INDENT_MAX = 20
CREDIT = ("all_or_nothing", "lines_in_order")
_INDENT = {"type": "integer", "minimum": 0, "maximum": INDENT_MAX}


class ParsonsGrader(QuestionGrader):
    """Answer `{"lines": [{"id": "l1", "indent": 0}]}`, from top to bottom; indent is counted in steps."""

    kind = "parsons"
    title = "Lines in order"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["lines"],
        "properties": {
            "language": {"type": "string", "maxLength": 32},
            "order": {"enum": ["listed", "dependencies"]},
            "indentation": {"type": "boolean"},
            "credit": {"enum": list(CREDIT)},
            "lines": {
                "type": "array",
                "minItems": 2,
                "maxItems": LINES_MAX,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "text"],
                    "properties": {
                        "id": ID,
                        "text": {"type": "string", "minLength": 1, "maxLength": 1000},
                        "indent": _INDENT,
                        "after": {"type": "array", "maxItems": LINES_MAX, "items": ID},
                        "distractor": {"type": "boolean"},
                        "feedback": COMMENT,
                    },
                },
            },
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["lines"],
        "properties": {
            "lines": {
                "type": "array",
                "minItems": 1,
                "maxItems": LINES_MAX,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id"],
                    "properties": {"id": {"type": "string", "maxLength": 64}, "indent": _INDENT},
                },
            }
        },
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        if twice := repeated(spec["lines"]):
            return {"spec.lines": [f"Line ids must differ; used twice: {', '.join(twice)}."]}
        for index, line in enumerate(spec["lines"]):
            if errors := _line_errors(spec, line):
                return {f"spec.lines.{index}.{field}": [message] for field, message in errors.items()}
        return _program_errors(spec)

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        ids = [line["id"] for line in answer["lines"]]
        offer = sorted(line["id"] for line in spec["lines"])
        if strangers := [name for name in ids if name not in offer]:
            return {"answer.lines": [f"There is no line {strangers[0]!r}. Lines: {', '.join(offer)}."]}
        if twice := repeated(answer["lines"]):
            return {"answer.lines": [f"Use each line at most once; used twice: {', '.join(twice)}."]}
        return {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        wrong = {line["id"]: line.get("feedback", "") for line in spec["lines"] if line.get("distractor")}
        used = [name for name in wrong if any(line["id"] == name for line in answer["lines"])]
        in_order = most_in_order(_well_indented(spec, answer), _before(spec))
        # Each line that does not belong takes one back, so that using all lines does not pay.
        share = max(Fraction(0), Fraction(in_order - len(used), len(_program(spec))))
        score = share if spec.get("credit") == "lines_in_order" else Fraction(share == 1)
        return Mark(score, " ".join(filter(None, (wrong[name] for name in used))))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        """The lines in order, those at an indent as `id@indent`; and which distractors are among them."""
        wrong = {line["id"] for line in spec["lines"] if line.get("distractor")}
        indents = [line.get("indent", 0) if spec.get("indentation") else 0 for line in answer["lines"]]
        lines = [
            f"{name}@{indent}" if indent else name
            for name, indent in zip(_meant(spec, answer), indents, strict=True)
        ]
        return {
            "lines": [" ".join(lines)],
            "distractors": sorted(line["id"] for line in answer["lines"] if line["id"] in wrong),
        }

    def offered_values(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"distractors": [line["id"] for line in spec["lines"] if line.get("distractor")]}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "language": spec.get("language"),
            "indentation": spec.get("indentation", False),
            "credit": spec.get("credit", "all_or_nothing"),
            "distractors": any(line.get("distractor") for line in spec["lines"]),
            "lines": [{"id": line["id"], "text": line["text"]} for line in arranged(spec["lines"], "")],
        }

    def arrange(self, shown: Mapping[str, Any], seed: str) -> dict[str, Any]:
        return {**shown, "lines": arranged(shown["lines"], seed)}


def _program(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines that belong, as listed: one right order."""
    return [line for line in spec["lines"] if not line.get("distractor")]


def _direct(spec: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    lines = _program(spec)
    if spec.get("order") == "dependencies":
        return {line["id"]: line.get("after", ()) for line in lines}
    return {lines[0]["id"]: ()} | {below["id"]: (above["id"],) for above, below in pairwise(lines)}


def _before(spec: Mapping[str, Any]) -> Before:
    return all_before(_direct(spec))


def _well_indented(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """The ids of the answer's lines that belong and, where it counts, stand at their indent; in its order."""
    meant, found = _meant(spec, answer), []
    indents = {line["id"]: line.get("indent", 0) for line in _program(spec)}
    for name, line in zip(meant, answer["lines"], strict=True):
        placed = not spec.get("indentation") or line.get("indent", 0) == indents.get(name)
        if name in indents and placed:
            found.append(name)
    return found


def _meant(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """The answer's ids, where lines of the same text (two closing braces) swap ids so as to be in order."""
    text_of = {line["id"]: line["text"] for line in spec["lines"]}
    given = {line["id"] for line in answer["lines"]}
    alike: dict[str, list[str]] = defaultdict(list)
    for line in spec["lines"]:
        if line["id"] in given:
            alike[line["text"]].append(line["id"])
    return [alike[text_of[line["id"]]].pop(0) for line in answer["lines"]]


def _line_errors(spec: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, str]:
    if spec.get("indentation") and line["text"][0].isspace():
        return {"text": "Leading white space would tell the indent; write the number into indent instead."}
    if not line["text"].strip():
        return {"text": "Must not be blank."}
    if "after" in line and (line.get("distractor") or spec.get("order") != "dependencies"):
        return {"after": "Only for lines that belong, under order: dependencies."}
    if line.get("indent") and not spec.get("indentation"):
        return {"indent": "Counts only with indentation: true; set that."}
    if "feedback" in line and not line.get("distractor"):
        return {"feedback": "Only for a distractor; learners read it when they use the line."}
    return {}


def _program_errors(spec: Mapping[str, Any]) -> Errors:
    program = _program(spec)
    if len(program) < 2:
        return {"spec.lines": ["At least two lines must belong to the program."]}
    if tell_the_order([line["id"] for line in program]):
        return {"spec.lines": ["The ids are in ascending order, which tells learners the answer; mix them."]}
    belonging = {line["text"] for line in program}
    if any(line["text"] in belonging for line in spec["lines"] if line.get("distractor")):
        return {"spec.lines": ["A distractor has the text of a line that belongs; change it."]}
    if spec.get("order") == "dependencies":
        return _dependency_errors(spec, program)
    return {}


def _dependency_errors(spec: Mapping[str, Any], program: Sequence[Mapping[str, Any]]) -> Errors:
    if len({line["text"] for line in program}) < len(program):
        return {
            "spec.lines": ["Two lines have the same text; with order: dependencies merge or change them."]
        }
    listed = [line["id"] for line in program]
    for line in program:
        if strangers := [name for name in line.get("after", ()) if name not in listed]:
            return {
                "spec.lines": [
                    f"Line {line['id']} comes after {strangers[0]!r}, which is no line that belongs."
                ]
            }
    try:
        before = _before(spec)
    except ValueError as error:
        return {"spec.lines": [f"Line {error} comes after itself, by way of the others; cut the circle."]}
    if most_in_order(listed, before) < len(listed):
        return {
            "spec.lines": ["The lines as listed break their own dependencies; list them in a right order."]
        }
    return {}
