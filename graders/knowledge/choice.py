"""`choice`: pick one option, or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graders.knowledge.question import Errors, Mark, QuestionGrader

OPTIONS_MAX = 50
_ID = {"type": "string", "minLength": 1, "maxLength": 32, "pattern": "^[A-Za-z0-9_.-]+$"}


@dataclass(frozen=True, slots=True)
class Tally:
    """How a selection compares with the key: options right, wrong, correct in all, offered in all."""

    right: int
    wrong: int
    correct: int
    offered: int


def all_or_nothing(tally: Tally) -> Fraction:
    """1 for exactly the correct options, else 0."""
    return Fraction(tally.wrong == 0 and tally.right == tally.correct)


def net_correct(tally: Tally) -> Fraction:
    """max(0, (t - w) / c): each wrong pick takes back a right one. PrairieLearn pl-checkbox, method PC."""
    return max(Fraction(0), Fraction(tally.right - tally.wrong, tally.correct))


def coverage(tally: Tally) -> Fraction:
    """(t / c) (t / n), n the picks: recall times precision. PrairieLearn pl-checkbox, method COV."""
    picked = tally.right + tally.wrong
    return Fraction(tally.right * tally.right, tally.correct * picked) if picked else Fraction(0)


def each_option(tally: Tally) -> Fraction:
    """The share of options judged rightly, picked or left. PrairieLearn pl-checkbox, method EDC."""
    misjudged = tally.wrong + tally.correct - tally.right
    return Fraction(tally.offered - misjudged, tally.offered)


CREDIT: dict[str, Callable[[Tally], Fraction]] = {
    rule.__name__: rule for rule in (all_or_nothing, net_correct, coverage, each_option)
}


class ChoiceGrader(QuestionGrader):
    """Answer `{"selected": [option ids]}`; the order of the ids does not matter."""

    kind = "choice"
    title = "Choice"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["options"],
        "properties": {
            "multiple": {"type": "boolean"},
            "credit": {"enum": list(CREDIT)},
            "shuffle": {"type": "boolean"},
            "min_selections": {"type": "integer", "minimum": 1, "maximum": OPTIONS_MAX},
            "max_selections": {"type": "integer", "minimum": 1, "maximum": OPTIONS_MAX},
            "options": {
                "type": "array",
                "minItems": 2,
                "maxItems": OPTIONS_MAX,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "text"],
                    "properties": {
                        "id": _ID,
                        "text": {"type": "string", "minLength": 1, "maxLength": 2000},
                        "correct": {"type": "boolean"},
                        "feedback": {"type": "string", "maxLength": 1000},
                    },
                },
            },
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["selected"],
        "properties": {
            "selected": {
                "type": "array",
                "minItems": 1,
                "maxItems": OPTIONS_MAX,
                "items": {"type": "string", "maxLength": 64},
            }
        },
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        ids = Counter(option["id"] for option in spec["options"])
        if twice := [name for name, count in ids.items() if count > 1]:
            return {"spec.options": [f"Option ids must differ; used twice: {', '.join(twice)}."]}
        if not (correct := len(_correct(spec))):
            return {"spec.options": ["No option is correct; mark at least one with correct: true."]}
        return _multiple_errors(spec, correct) if spec.get("multiple") else _single_errors(spec, correct)

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        selected = answer["selected"]
        ids = {option["id"] for option in spec["options"]}
        if strangers := [name for name in selected if name not in ids]:
            offer = ", ".join(sorted(ids))
            return {"answer.selected": [f"There is no option {strangers[0]!r}. Options: {offer}."]}
        if len(set(selected)) < len(selected):
            return {"answer.selected": ["An option is named twice; name each at most once."]}
        least, most = _selections(spec)
        if not least <= len(selected) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            return {"answer.selected": [f"Select {wanted} of the options, not {len(selected)}."]}
        return {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        picked, correct = set(answer["selected"]), _correct(spec)
        tally = Tally(len(picked & correct), len(picked - correct), len(correct), len(spec["options"]))
        # In the spec's order, so that the feedback does not depend on the order of the picks.
        comments = [option.get("feedback", "") for option in spec["options"] if option["id"] in picked]
        return Mark(CREDIT[spec.get("credit", "all_or_nothing")](tally), " ".join(filter(None, comments)))

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        least, most = _selections(spec)
        return {
            "multiple": spec.get("multiple", False),
            "credit": spec.get("credit", "all_or_nothing"),
            "shuffle": spec.get("shuffle", False),
            "min_selections": least,
            "max_selections": most,
            "options": [{"id": option["id"], "text": option["text"]} for option in spec["options"]],
        }


def _correct(spec: Mapping[str, Any]) -> set[str]:
    return {option["id"] for option in spec["options"] if option.get("correct")}


def _selections(spec: Mapping[str, Any]) -> tuple[int, int]:
    if not spec.get("multiple"):
        return 1, 1
    # int(): JSON Schema takes 2.0 for an integer.
    return int(spec.get("min_selections", 1)), int(spec.get("max_selections", len(spec["options"])))


def _single_errors(spec: Mapping[str, Any], correct: int) -> Errors:
    errors: Errors = {}
    if correct > 1:
        errors["spec.options"] = [f"{correct} options are correct; leave one, or set multiple: true."]
    for field in ("min_selections", "max_selections"):
        if field in spec:
            errors[f"spec.{field}"] = ["Only for multiple: true; a single choice takes exactly one."]
    if spec.get("credit") == "each_option":
        errors["spec.credit"] = ["Would pay for a wrong pick in a single choice; use all_or_nothing."]
    return errors


def _multiple_errors(spec: Mapping[str, Any], correct: int) -> Errors:
    least, most = _selections(spec)
    if most > len(spec["options"]):
        return {"spec.max_selections": [f"There are only {len(spec['options'])} options."]}
    if not least <= correct <= most:
        field = "min_selections" if correct < least else "max_selections"
        return {
            f"spec.{field}": [
                f"The key has {correct} options, so it could not be selected; mend this number."
            ]
        }
    return {}
