"""`matching`: give each thing on the left its partner on the right."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from graders.knowledge.items import ID, ITEM, arranged, in_natural_order, item_errors, tell_the_order
from graders.knowledge.question import Errors, Mark, QuestionGrader

SIDE_MAX = 50
CREDIT = ("all_or_nothing", "each_pair")
_TELLING = (
    "In alphabetical order the ids of both sides match, which tells learners the answer; mix one side's."
)


class MatchingGrader(QuestionGrader):
    """Answer `{"pairs": {left id: right id}}`, every left one; a right one may serve several or none."""

    kind = "matching"
    title = "Matching"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["left", "right", "pairs"],
        "properties": {
            "left": {"type": "array", "minItems": 1, "maxItems": SIDE_MAX, "items": ITEM},
            "right": {"type": "array", "minItems": 2, "maxItems": SIDE_MAX, "items": ITEM},
            "pairs": {"type": "object", "additionalProperties": ID},
            "credit": {"enum": list(CREDIT)},
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["pairs"],
        "properties": {
            "pairs": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": SIDE_MAX,
                "propertyNames": {"maxLength": 64},
                "additionalProperties": {"type": "string", "maxLength": 64},
            }
        },
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        for side in ("left", "right"):
            if errors := item_errors(spec[side], f"spec.{side}"):
                return errors
        if errors := _pair_errors(spec, spec["pairs"], "spec"):
            return errors
        return {"spec.pairs": [_TELLING]} if _tells(spec["pairs"]) else {}

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        return _pair_errors(spec, answer["pairs"], "answer")

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        key = spec["pairs"]
        share = Fraction(sum(answer["pairs"][name] == key[name] for name in key), len(key))
        # each_pair: the share of left ones with their partner, as Moodle's qtype_match pays.
        return Mark(share if spec.get("credit") == "each_pair" else Fraction(share == 1))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        return {name: [answer["pairs"][name]] for name in spec["pairs"]}

    def offered_values(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return {name: [item["id"] for item in spec["right"]] for name in spec["pairs"]}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "left": [_shown(item) for item in spec["left"]],
            # Authors tend to list both sides in the same order.
            "right": [_shown(item) for item in arranged(spec["right"], "")],
            "credit": spec.get("credit", "all_or_nothing"),
        }

    def arrange(self, shown: Mapping[str, Any], seed: str) -> dict[str, Any]:
        return {**shown, "right": arranged(shown["right"], seed)}


def _shown(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": item["id"], "text": item["text"]}


def _pair_errors(spec: Mapping[str, Any], pairs: Mapping[str, str], root: str) -> Errors:
    left, right = ([item["id"] for item in spec[side]] for side in ("left", "right"))
    if strangers := [name for name in pairs if name not in left]:
        return {f"{root}.pairs": [f"There is no {strangers[0]!r} on the left. Left: {', '.join(left)}."]}
    if missing := [name for name in left if name not in pairs]:
        return {f"{root}.pairs": [f"Each on the left needs a partner; missing: {', '.join(missing)}."]}
    offer = ", ".join(sorted(right))
    return {
        f"{root}.pairs.{name}": [f"There is no {partner!r} on the right. Right: {offer}."]
        for name, partner in pairs.items()
        if partner not in right
    }


def _tells(pairs: Mapping[str, str]) -> bool:
    partners = [pairs[name] for name in in_natural_order(pairs)]
    return len(set(partners)) == len(partners) and tell_the_order(partners)
