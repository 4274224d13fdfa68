"""Challenges as a sheet of questions, as far as its columns hold them; the others are named with the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from core.content import CategoryContent, ChallengeContent, Problem
from core.exchange.sheet.columns import OPTIONS_MAX, guarded, in_order, joined
from core.exchange.values import BadValue

Cells = dict[str, str]


def write_csv(
    categories: list[CategoryContent], challenges: list[ChallengeContent]
) -> tuple[str, list[Problem]]:
    """The sheet of `challenges`, and why the others cannot stand in it. "" when none can."""
    names = {category.slug: category.name for category in categories}
    problems: list[Problem] = []
    rows: list[Cells] = []
    for challenge in challenges:
        try:
            rows.append(_row(challenge, names.get(challenge.category, "")))
        except BadValue as error:
            problems.append(Problem(challenge.slug, error.key, error.message))
    return _sheet(rows) if rows else "", problems


def _sheet(rows: list[Cells]) -> str:
    columns = in_order({name for row in rows for name, cell in row.items() if cell})
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([guarded(row.get(name, "")) for name in columns] for row in rows)
    return buffer.getvalue()


def _row(challenge: ChallengeContent, category: str) -> Cells:
    body = challenge.body
    write = WRITERS.get(body["kind"])
    if write is None:
        raise BadValue("kind", f"A sheet has no questions of the kind {body['kind']}.")
    if not body["description"].strip():
        raise BadValue("description", "Is empty; a sheet needs the question's text.")
    cells = {
        "id": challenge.slug,
        "title": body["title"],
        "kind": body["kind"],
        "question": body["description"],
        "points": str(body.get("points", "")),
        "difficulty": str(body.get("difficulty", "")),
        "tags": joined(body.get("tags", [])),
        "category": category,
        "explanation": body.get("editorial", ""),
    } | write(body["spec"])
    for name, cell in cells.items():
        if cell != cell.strip() or "\r" in cell:
            raise BadValue(name, "Begins or ends with white space, which a sheet does not keep; remove it.")
    return cells


def _choice(spec: Mapping[str, Any]) -> Cells:
    _only(spec, {"options", "multiple", "credit", "shuffle"})
    cells = _numbered("option", [option["text"] for option in spec["options"]])
    cells |= _numbered("feedback", [option.get("feedback", "") for option in spec["options"]])
    if spec.get("multiple"):
        cells["multiple"] = "yes"
    if "shuffle" in spec:
        cells["shuffle"] = "yes" if spec["shuffle"] else "no"
    if spec.get("credit") == "weights":
        return cells | _numbered("weight", [_percent(option.get("weight", 0)) for option in spec["options"]])
    right = [str(n) for n, option in enumerate(spec["options"], 1) if option.get("correct")]
    return cells | {"answer": "|".join(right), "credit": spec.get("credit", "")}


def _true_false(spec: Mapping[str, Any]) -> Cells:
    said = spec.get("feedback", {})
    answer = "true" if spec["correct"] else "false"
    return {"answer": answer, "feedback_1": said.get("right", ""), "feedback_2": said.get("wrong", "")}


def _text(spec: Mapping[str, Any]) -> Cells:
    _only(spec, {"accept", "ignore_case"})
    for entry in spec["accept"]:
        if entry.keys() != {"text"}:
            raise BadValue(
                "spec.accept", "A sheet holds texts of full credit only, without weights and feedback."
            )
        if entry["text"] != entry["text"].strip():
            raise BadValue(
                "spec.accept", "A text begins or ends with white space, which a sheet does not keep."
            )
    answer = joined([entry["text"] for entry in spec["accept"]])
    return {"answer": answer, "ignore_case": "yes" if spec.get("ignore_case") else ""}


def _numeric(spec: Mapping[str, Any]) -> Cells:
    _only(spec, {"value", "interval", "unit", "absolute", "relative"})
    unit = {"unit": spec.get("unit", "")}
    if "interval" in spec:
        interval = spec["interval"]
        if interval.keys() != {"min", "max"}:
            raise BadValue("spec.interval", "A sheet holds intervals with both ends, which belong to them.")
        return {"answer": f"{interval['min']}..{interval['max']}"} | unit
    if "absolute" in spec and "relative" in spec:
        raise BadValue("spec.relative", "A sheet holds one tolerance; leave one out.")
    tolerance = str(spec.get("absolute", ""))
    if "relative" in spec:
        tolerance = f"{_percent(spec['relative']) or 0}%"
    return {"answer": str(spec["value"]), "tolerance": tolerance} | unit


def _ordering(spec: Mapping[str, Any]) -> Cells:
    texts = {item["id"]: item["text"] for item in spec["items"]}
    return _numbered("option", [texts[name] for name in spec["order"]]) | {"credit": spec.get("credit", "")}


def _matching(spec: Mapping[str, Any]) -> Cells:
    right = {item["id"]: item["text"] for item in spec["right"]}
    partners = [spec["pairs"][item["id"]] for item in spec["left"]]
    others = [text for name, text in right.items() if name not in partners]
    cells = _numbered("option", [item["text"] for item in spec["left"]])
    matches = [*(right[name] for name in partners), *others]
    return cells | _numbered("match", matches) | {"credit": spec.get("credit", "all_or_nothing")}


def _numbered(name: str, texts: list[str]) -> Cells:
    if len(texts) > OPTIONS_MAX:
        raise BadValue("spec", f"A sheet has room for {OPTIONS_MAX} options; this has {len(texts)}.")
    return {f"{name}_{number}": text for number, text in enumerate(texts, 1)}


def _percent(share: float) -> str:
    percent = Fraction(str(share)) * 100
    text = f"{float(percent):.9f}".rstrip("0").rstrip(".")
    return text if share else ""


def _only(spec: Mapping[str, Any], known: set[str]) -> None:
    if strange := [key for key in spec if key not in known]:
        raise BadValue(f"spec.{strange[0]}", "A sheet has no column for it; leave it out.")


WRITERS: dict[str, Callable[[Mapping[str, Any]], Cells]] = {
    "choice": _choice,
    "true_false": _true_false,
    "text": _text,
    "numeric": _numeric,
    "ordering": _ordering,
    "matching": _matching,
}
