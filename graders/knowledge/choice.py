"""`choice`: pick one option, or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graders.knowledge.items import ID, arranged, repeated
from graders.knowledge.question import COMMENT, Errors, Mark, QuestionGrader
from graders.scoring import exact

OPTIONS_MAX = 50


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


TALLIED: dict[str, Callable[[Tally], Fraction]] = {
    rule.__name__: rule for rule in (all_or_nothing, net_correct, coverage, each_option)
}
WEIGHTS = "weights"
CREDIT = (*TALLIED, WEIGHTS)


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
                        "id": ID,
                        "text": {"type": "string", "minLength": 1, "maxLength": 2000},
                        "correct": {"type": "boolean"},
                        "weight": {"type": "number", "minimum": -100, "maximum": 100},
                        "feedback": COMMENT,
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
        if twice := repeated(spec["options"]):
            return {"spec.options": [f"Option ids must differ; used twice: {', '.join(twice)}."]}
        if errors := _weight_errors(spec):
            return errors
        if not (correct := len(_correct(spec))):
            return {"spec.options": [_NO_KEY[spec.get("credit") == WEIGHTS]]}
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
        picked = set(answer["selected"])
        # In the spec's order, so that the feedback does not depend on the order of the picks.
        comments = [option.get("feedback", "") for option in spec["options"] if option["id"] in picked]
        return Mark(_score(spec, picked), " ".join(filter(None, comments)))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"selected": sorted(answer["selected"])}

    def offered_values(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"selected": [option["id"] for option in spec["options"]]}

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

    def arrange(self, shown: Mapping[str, Any], seed: str) -> dict[str, Any]:
        return {**shown, "options": arranged(shown["options"], seed)} if shown["shuffle"] else dict(shown)


_NO_KEY = {
    False: "No option is correct; mark at least one with correct: true.",
    True: "No option has a weight above 0; give the right ones one.",
}


def _correct(spec: Mapping[str, Any]) -> set[str]:
    """The ids of the options that earn something."""
    if spec.get("credit") == WEIGHTS:
        return {name for name, weight in _weights(spec).items() if weight > 0}
    return {option["id"] for option in spec["options"] if option.get("correct")}


def _weights(spec: Mapping[str, Any]) -> dict[str, Fraction]:
    return {option["id"]: exact(option.get("weight", 0)) for option in spec["options"]}


def _score(spec: Mapping[str, Any], picked: set[str]) -> Fraction:
    rule, correct = spec.get("credit", "all_or_nothing"), _correct(spec)
    if rule == WEIGHTS:
        return _weighted(spec, picked)
    return TALLIED[rule](
        Tally(len(picked & correct), len(picked - correct), len(correct), len(spec["options"]))
    )


def _weighted(spec: Mapping[str, Any], picked: set[str]) -> Fraction:
    """max(0, sum of the picked weights) over the best that can be had: the sum of those above 0, or the greatest."""
    weights = _weights(spec)
    earning = [weight for weight in weights.values() if weight > 0]
    best = sum(earning, Fraction(0)) if spec.get("multiple") else max(earning)
    return max(Fraction(0), sum((weights[name] for name in picked), Fraction(0)) / best)


def _selections(spec: Mapping[str, Any]) -> tuple[int, int]:
    if not spec.get("multiple"):
        return 1, 1
    # int(): JSON Schema takes 2.0 for an integer.
    return int(spec.get("min_selections", 1)), int(spec.get("max_selections", len(spec["options"])))


def _weight_errors(spec: Mapping[str, Any]) -> Errors:
    weighted = spec.get("credit") == WEIGHTS
    field, message = "weight", "Only for credit: weights; leave it out, or set that."
    if weighted:
        field, message = "correct", "With credit: weights, a weight above 0 says so; leave this out."
    paths = [f"spec.options.{i}.{field}" for i, option in enumerate(spec["options"]) if field in option]
    return {path: [message] for path in paths}


def _single_errors(spec: Mapping[str, Any], correct: int) -> Errors:
    errors: Errors = {}
    if correct > 1 and spec.get("credit") != WEIGHTS:
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
