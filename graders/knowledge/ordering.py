"""`ordering`: put all items in the right order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from graders.knowledge.items import ID, ITEM, arranged, item_errors, tell_the_order
from graders.knowledge.question import Errors, Mark, QuestionGrader
from graders.knowledge.sequences import common_length

ITEMS_MAX = 50


def all_or_nothing(key: Sequence[str], order: Sequence[str]) -> Fraction:
    """1 for exactly the right order, else 0."""
    return Fraction(key == order)


def absolute_position(key: Sequence[str], order: Sequence[str]) -> Fraction:
    """The share of items in their right place. Moodle qtype_ordering, "absolute position"."""
    return Fraction(sum(a == b for a, b in zip(key, order, strict=True)), len(key))


def longest_common_subsequence(key: Sequence[str], order: Sequence[str]) -> Fraction:
    """(l - 1) / (n - 1), l the most items that are in the right order among themselves: 0 for the reverse.

    As Moodle qtype_ordering's "longest ordered subset", less the one item that is always in order.
    """
    return Fraction(common_length(key, order) - 1, len(key) - 1)


def relative_next(key: Sequence[str], order: Sequence[str]) -> Fraction:
    """The share of neighbours in the key that are neighbours here. Moodle qtype_ordering, "relative to next"."""
    return Fraction(len(set(pairwise(key)) & set(pairwise(order))), len(key) - 1)


CREDIT: dict[str, Callable[[Sequence[str], Sequence[str]], Fraction]] = {
    rule.__name__: rule
    for rule in (all_or_nothing, absolute_position, longest_common_subsequence, relative_next)
}


class OrderingGrader(QuestionGrader):
    """Answer `{"order": [item ids]}`, every item once."""

    kind = "ordering"
    title = "Ordering"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["items", "order"],
        "properties": {
            "items": {"type": "array", "minItems": 2, "maxItems": ITEMS_MAX, "items": ITEM},
            "order": {"type": "array", "minItems": 2, "maxItems": ITEMS_MAX, "items": ID},
            "credit": {"enum": list(CREDIT)},
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["order"],
        "properties": {
            "order": {
                "type": "array",
                "minItems": 1,
                "maxItems": ITEMS_MAX,
                "items": {"type": "string", "maxLength": 64},
            }
        },
    }

    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        if errors := item_errors(spec["items"], "spec.items"):
            return errors
        if message := _order_error(spec, spec["order"]):
            return {"spec.order": [message]}
        if tell_the_order(spec["order"]):
            return {
                "spec.order": ["The ids are in ascending order, which tells learners the answer; mix them."]
            }
        return {}

    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        message = _order_error(spec, answer["order"])
        return {"answer.order": [message]} if message else {}

    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        return Mark(CREDIT[spec.get("credit", "all_or_nothing")](spec["order"], answer["order"]))

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"order": [" ".join(answer["order"])]}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        # Authors tend to list the items in the right order.
        shown = [{"id": item["id"], "text": item["text"]} for item in arranged(spec["items"], "")]
        return {"items": shown, "credit": spec.get("credit", "all_or_nothing")}

    def arrange(self, shown: Mapping[str, Any], seed: str) -> dict[str, Any]:
        return {**shown, "items": arranged(shown["items"], seed)}


def _order_error(spec: Mapping[str, Any], order: Sequence[str]) -> str | None:
    ids = sorted(item["id"] for item in spec["items"])
    if strangers := [name for name in order if name not in ids]:
        return f"There is no item {strangers[0]!r}. Items: {', '.join(ids)}."
    if len(set(order)) < len(order):
        return "An item is named twice; name each once."
    if missing := [name for name in ids if name not in order]:
        return f"Every item belongs in the order; missing: {', '.join(missing)}."
    return None
