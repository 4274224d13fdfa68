"""The specs that the rows of a sheet mean, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.exchange.matching import matching_spec, ordering_spec
from core.exchange.sheet.columns import parted
from core.exchange.sheet.row import Row
from core.exchange.values import BadValue

_NUMBERS = re.compile(r"[0-9]+(?:\s*[,;|\s]\s*[0-9]+)*")


def choice(row: Row) -> dict[str, Any]:
    """Options in option_1, ...; answer holds the numbers of the right ones, or weight_1, ... percentages."""
    texts = _filled(row, "option")
    feedback, weights = row.numbered("feedback"), row.numbered("weight")
    options = [
        {"id": f"o{number}", "text": text}
        | ({"feedback": feedback[number - 1]} if _has(feedback, number) else {})
        for number, text in enumerate(texts, 1)
    ]
    if len(feedback) > len(options) or len(weights) > len(options):
        raise BadValue("option", "There are more feedbacks or weights than options.")
    shuffled = {"shuffle": row.truth("shuffle")} if row.text("shuffle") else {}
    return shuffled | (_weighted(row, options) if weights else _keyed(row, options))


def _keyed(row: Row, options: list[dict[str, Any]]) -> dict[str, Any]:
    answer = row.required("answer")
    if not _NUMBERS.fullmatch(answer) or len(answer) > 200:
        raise BadValue("answer", "Must be the number of the right option, or several such as 1|3.")
    right = {int(number) for number in re.findall("[0-9]+", answer)}
    if not right <= set(range(1, len(options) + 1)):
        raise BadValue("answer", f"There are only options 1 to {len(options)}.")
    for number in right:
        options[number - 1]["correct"] = True
    multiple = row.truth("multiple") if row.text("multiple") else len(right) > 1
    spec: dict[str, Any] = {"multiple": True} if multiple else {}
    if row.text("credit"):
        spec["credit"] = row.text("credit")
    return spec | {"options": options}


def _weighted(row: Row, options: list[dict[str, Any]]) -> dict[str, Any]:
    if row.text("answer"):
        raise BadValue("answer", "The weights say which options are right; leave it empty.")
    for number, option in enumerate(options, 1):
        if row.text(f"weight_{number}"):
            option["weight"] = row.number(f"weight_{number}") / 100
    multiple = bool(row.text("multiple")) and row.truth("multiple")
    return ({"multiple": True} if multiple else {}) | {"credit": "weights", "options": options}


def true_false(row: Row) -> dict[str, Any]:
    """answer is true or false; feedback_1 is for a right answer, feedback_2 for a wrong one."""
    spec: dict[str, Any] = {"correct": row.truth("answer")}
    said = {"right": row.text("feedback_1"), "wrong": row.text("feedback_2")}
    return spec | (
        {"feedback": {key: text for key, text in said.items() if text}} if any(said.values()) else {}
    )


def text(row: Row) -> dict[str, Any]:
    """answer holds the accepted texts, parted by |; with ignore_case yes without regard to case."""
    accepted = parted(row.required("answer"))
    if not accepted:
        raise BadValue("answer", "Is empty; fill it.")
    spec: dict[str, Any] = {"accept": [{"text": one} for one in accepted]}
    return spec | ({"ignore_case": True} if row.text("ignore_case") and row.truth("ignore_case") else {})


def numeric(row: Row) -> dict[str, Any]:
    """answer is a number or an interval such as 3..4; tolerance a number or a percentage; unit if one is wanted."""
    answer = row.required("answer")
    spec: dict[str, Any] = {"unit": row.text("unit")} if row.text("unit") else {}
    low, dots, high = answer.partition("..")
    if dots:
        return {"interval": {"min": low.strip(), "max": high.strip()}} | spec
    spec = {"value": answer} | spec
    tolerance = row.text("tolerance")
    if tolerance.endswith("%"):
        share = Row({"tolerance": tolerance.removesuffix("%").strip()}).number("tolerance")
        return spec | {"relative": share / 100}
    return spec | ({"absolute": row.number("tolerance")} if tolerance else {})


def ordering(row: Row) -> dict[str, Any]:
    """The items in option_1, ... stand in their right order."""
    spec = ordering_spec(_filled(row, "option"))
    return spec | ({"credit": row.text("credit")} if row.text("credit") else {})


def matching(row: Row) -> dict[str, Any]:
    """option_1 belongs to match_1, and so on; a match without an option belongs to none."""
    left, right = row.numbered("option"), row.numbered("match")
    if not left or len(left) > len(right):
        raise BadValue("match", "Each option needs a match beside it.")
    spec = matching_spec([(left[n] if n < len(left) else "", text) for n, text in enumerate(right) if text])
    if len(spec["pairs"]) < sum(map(bool, left)):
        raise BadValue("match", "Each option needs a match beside it.")
    if row.text("credit"):
        spec["credit"] = row.text("credit")
    return spec


def _filled(row: Row, name: str) -> list[str]:
    cells = row.numbered(name)
    if len(cells) < 2 or not all(cells):
        raise BadValue(name, f"Needs {name}_1, {name}_2 and so on, at least two and none left out.")
    return cells


def _has(cells: list[str], number: int) -> bool:
    return number <= len(cells) and bool(cells[number - 1])


KINDS: dict[str, Callable[[Row], dict[str, Any]]] = {
    "choice": choice,
    "true_false": true_false,
    "text": text,
    "numeric": numeric,
    "ordering": ordering,
    "matching": matching,
}
