"""Challenges as GIFT questions, as far as the format has words for them; the others are named with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.content import CategoryContent, ChallengeContent, Problem
from core.exchange.gift.answers import RUBRIC
from core.exchange.gift.syntax import FORMATS, escaped
from core.exchange.values import BadValue

_OWN_FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")


def write_gift(
    categories: list[CategoryContent], challenges: list[ChallengeContent]
) -> tuple[str, list[Problem]]:
    """The questions of `challenges`, and why the others cannot be written."""
    names = {category.slug: category.name for category in categories}
    problems: list[Problem] = []
    parts: list[str] = []
    current: str | None = ""
    for challenge in challenges:
        try:
            question = _question(challenge)
        except BadValue as error:
            problems.append(Problem(challenge.slug, error.key, error.message))
            continue
        if challenge.category != current:
            current = challenge.category
            path = names.get(current, current).replace("/", "//")
            parts.append(f"$CATEGORY: $course$/top{'/' if path else ''}{path}\n\n")
        parts.append(question)
    return "".join(parts), problems


def _question(challenge: ChallengeContent) -> str:
    body = challenge.body
    write = WRITERS.get(body["kind"])
    if write is None:
        raise BadValue("kind", f"GIFT has no questions of the kind {body['kind']}.")
    if not body["description"].strip():
        raise BadValue("description", "Is empty; GIFT needs the question's text.")
    lines = [f"  {answer}" for answer in write(body["spec"])]
    if editorial := body.get("editorial"):
        lines.append(f"  ####{escaped(editorial)}")
    about = "".join(f" [tag:{_bracketed(tag)}]" for tag in body.get("tags", ()))
    head = f"// [id:{challenge.slug}]{about}\n::{escaped(body['title'])}::[markdown]{escaped(body['description'])}"
    return head + "{\n" + "".join(f"{line}\n" for line in lines) + "}\n\n"


def _choice(spec: Mapping[str, Any]) -> Iterator[str]:
    for field in ("min_selections", "max_selections"):
        if field in spec:
            raise BadValue(f"spec.{field}", "GIFT does not limit how many are picked; leave it out.")
    percents = _multiple(spec) if spec.get("multiple") else _single(spec)
    for option, percent in zip(spec["options"], percents, strict=True):
        sign = "=" if percent == 100 and not spec.get("multiple") else "~"
        weight = "" if sign == "=" or not percent else f"%{_percent(percent)}%"
        yield _answer(sign + weight, option["text"], option.get("feedback", ""))


def _single(spec: Mapping[str, Any]) -> list[float]:
    if spec.get("credit") != "weights":
        return [100.0 if option.get("correct") else 0.0 for option in spec["options"]]
    weights = [Fraction(str(option.get("weight", 0))) for option in spec["options"]]
    return _within([float(weight * 100 / max(weights)) for weight in weights])


def _multiple(spec: Mapping[str, Any]) -> list[float]:
    credit = spec.get("credit", "all_or_nothing")
    if credit not in ("weights", "net_correct"):
        message = "GIFT pays for each right pick; use weights or net_correct to take the question there."
        raise BadValue("spec.credit", message)
    if credit == "weights":
        weights = [Fraction(str(option.get("weight", 0))) for option in spec["options"]]
    else:
        weights = [Fraction(1 if option.get("correct") else -1) for option in spec["options"]]
    total = sum(weight for weight in weights if weight > 0)
    return _within([float(weight * 100 / total) for weight in weights])


def _within(percents: list[float]) -> list[float]:
    if min(percents) < -100:
        raise BadValue(
            "spec.options", "A weight takes back more than all the points, which GIFT does not know."
        )
    return percents


def _percent(percent: float) -> str:
    text = f"{percent:.7f}".rstrip("0").rstrip(".")
    if percent and not float(text):
        raise BadValue("spec", "A weight is too small for GIFT to tell it from nothing.")
    return text


def _true_false(spec: Mapping[str, Any]) -> Iterator[str]:
    said = spec.get("feedback", {})
    wrong, right = said.get("wrong", ""), said.get("right", "")
    feedback = f"#{escaped(wrong)}" if wrong or right else ""
    yield f"{'TRUE' if spec['correct'] else 'FALSE'}{feedback}" + (f"#{escaped(right)}" if right else "")


def _short(spec: Mapping[str, Any]) -> Iterator[str]:
    if not spec.get("ignore_case"):
        raise BadValue("spec.ignore_case", "GIFT compares without regard to case; set it to true.")
    for field in ("similarity", "ignore_accents"):
        if spec.get(field):
            raise BadValue(f"spec.{field}", "GIFT knows nothing like it; leave it out.")
    if spec.get("whitespace", "collapse") != "collapse":
        raise BadValue("spec.whitespace", "GIFT knows nothing like it; leave it out.")
    for entry in spec["accept"]:
        yield _wording(entry, entry.get("weight", 1))
    for entry in spec.get("wrong", ()):
        yield _wording(entry, 0)


def _wording(entry: Mapping[str, Any], weight: float) -> str:
    if "pattern" in entry:
        raise BadValue("spec.accept", "A regular expression has no place in GIFT; use texts.")
    if "->" in entry["text"]:
        raise BadValue("spec.accept", "A text with -> would be read as a pair in GIFT.")
    percent = _percent(float(Fraction(str(weight)) * 100))
    return _answer(
        "=" if weight == 1 else f"=%{percent}%", entry["text"], entry.get("feedback", ""), verbatim=True
    )


def _matching(spec: Mapping[str, Any]) -> Iterator[str]:
    if spec.get("credit") != "each_pair":
        raise BadValue("spec.credit", "GIFT pays for each pair; use each_pair to take the question there.")
    left = {item["id"]: item["text"] for item in spec["left"]}
    right = {item["id"]: item["text"] for item in spec["right"]}
    if any("->" in text for text in (*left.values(), *right.values())):
        raise BadValue("spec.pairs", "A text has -> in it, which parts left and right in GIFT.")
    used = set(spec["pairs"].values())
    for name, text in left.items():
        markup = "[markdown]" if text.startswith("%") else ""
        yield f"={markup}{_lone(text)} -> {_lone(right[spec['pairs'][name]])}"
    for name, text in right.items():
        if name not in used:
            yield f"= -> {_lone(text)}"


def _numeric(spec: Mapping[str, Any]) -> Iterator[str]:
    for field in ("unit", "significant_digits"):
        if field in spec or field in spec.get("close", {}):
            raise BadValue(f"spec.{field}", "GIFT has no such thing for numbers.")
    if "interval" in spec:
        interval = spec["interval"]
        if interval.get("min_open") or interval.get("max_open") or not {"min", "max"} <= interval.keys():
            raise BadValue("spec.interval", "GIFT knows intervals with both ends, which belong to them.")
        yield f"#{_number(interval['min'], 'interval')}..{_number(interval['max'], 'interval')}"
        return
    value = _number(spec["value"], "value")
    full = f"{value}:{_width(value, spec)}"
    if "close" not in spec:
        yield f"#{full}"
        return
    close = spec["close"]
    percent = float(Fraction(str(close.get("credit", 0.5))) * 100)
    yield "#"
    yield f"={full}"
    yield f"=%{_percent(percent)}%{value}:{_width(value, close)}"


def _number(value: Any, field: str) -> str:
    text = str(value).strip().replace(",", ".")
    if not _DECIMAL.fullmatch(text):
        raise BadValue(f"spec.{field}", f"{text[:40]!r} is no decimal number, and GIFT takes nothing else.")
    return text


def _width(value: str, rule: Mapping[str, Any]) -> str:
    """The widest of the tolerances in `rule`, as a decimal number."""
    widths = [
        Decimal(str(rule.get("absolute", 0))),
        Decimal(str(rule.get("relative", 0))) * abs(Decimal(value)),
    ]
    if "decimals" in rule:
        widths.append(Decimal(1).scaleb(-int(rule["decimals"])) / 2)
    return str(max(widths)).lower()


def _essay(spec: Mapping[str, Any]) -> Iterator[str]:
    if spec != {"rubric": RUBRIC}:
        raise BadValue("spec.rubric", "GIFT has no place for a rubric or a number of words.")
    yield from ()


def _answer(sign: str, text: str, feedback: str, verbatim: bool = False) -> str:
    written = _lone(text, verbatim)
    # What looks like a weight would be read as one.
    weight = {"=": "%100%", "~": "%0%"}.get(sign, "") if written.startswith("%") else ""
    return f"{sign}{weight}{written}" + (f" #{escaped(feedback)}" if feedback else "")


def _lone(text: str, verbatim: bool = False) -> str:
    """A text that stands alone; `verbatim` where no markup is read but a star stands for anything."""
    if text != text.strip():
        raise BadValue("spec", "A text begins or ends with white space, which GIFT does not keep; remove it.")
    if verbatim:
        return escaped(text).replace("*", r"\*")
    return ("[markdown]" if _OWN_FORMAT.match(text) else "") + escaped(text)


def _bracketed(text: str) -> str:
    return re.sub(r"[\\\]]", r"\\\g<0>", text)


WRITERS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "choice": _choice,
    "true_false": _true_false,
    "text": _short,
    "numeric": _numeric,
    "matching": _matching,
    "essay": _essay,
}
