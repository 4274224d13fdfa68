"""The answers of a GIFT question as kind and spec."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from core.exchange.gift.syntax import Answer, answers_of, feedback_of, find, marked_answer, unescaped
from core.exchange.markup import as_markdown
from core.exchange.matching import matching_spec
from core.exchange.values import BadValue

# Any answer earns what a reader gives it.
RUBRIC = [{"id": "answer", "text": "The answer as a whole.", "points": 10}]
_TRUE_FALSE = re.compile(r"(TRUE|T|FALSE|F)", re.IGNORECASE)
_NUMBER = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
_NEAR = re.compile(rf"\s*({_NUMBER})\s*(?::\s*({_NUMBER})\s*)?")
_RANGE = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*")
_ANYTHING = "(?s).*"


@dataclass(frozen=True, slots=True)
class Read:
    """A kind, its spec, and what of the question the kind has no place for."""

    kind: str
    spec: dict[str, Any]
    notes: tuple[str, ...] = ()


def essay() -> Read:
    """The braces are empty: a person reads the answer."""
    return Read("essay", {"rubric": [dict(criterion) for criterion in RUBRIC]})


def true_false(raw: str) -> Read | None:
    """T, F, TRUE or FALSE, then the feedback for a wrong and for a right answer; None when it is something else."""
    word, rest = feedback_of(raw)
    if not _TRUE_FALSE.fullmatch(word):
        return None
    wrong, right = feedback_of(rest)
    said = {"wrong": unescaped(wrong), "right": unescaped(right)}
    spec: dict[str, Any] = {"correct": word[0] in "Tt"}
    if any(said.values()):
        spec["feedback"] = {key: text for key, text in said.items() if text}
    return Read("true_false", spec)


def single(answers: list[Answer], format: str) -> Read:
    """One answer to pick: = marks a right one, ~%50% one that earns a part."""
    weights = [_percent(answer) for answer in answers]
    if max(weights) != 100:
        raise BadValue("answers", "None is worth 100 %; mark the right one with = and no weight.")
    if set(weights) <= {0, 100} and weights.count(Decimal(100)) == 1:
        keys = [{"correct": True} if weight else {} for weight in weights]
        return Read("choice", {"options": _options(answers, keys, format)})
    return Read("choice", {"credit": "weights", "options": _options(answers, _weights(weights), format)})


def multiple(answers: list[Answer], format: str) -> Read:
    """Several answers to pick, each with a weight; the right ones add up to 100 %."""
    weights = [_percent(answer) for answer in answers]
    total = sum(weight for weight in weights if weight > 0)
    if not 99 <= total <= 101:
        said = f"The weights above 0 add up to {total:.5g} %, not 100 %" if total else "No answer is right"
        raise BadValue("answers", f"{said}; mark the right one with =, or give weights such as ~%50%.")
    options = _options(answers, _weights(weights), format)
    return Read("choice", {"multiple": True, "credit": "weights", "options": options})


def short(answers: list[Answer], format: str) -> Read:
    """Texts that are accepted, without regard to case; * stands for any characters."""
    accept, wrong, silent = [], [], False
    for answer in answers:
        weight = _percent(answer)
        if weight < 0:
            raise BadValue("answers", "A short answer cannot earn less than nothing; use %0%.")
        entry = _wording(answer.raw)
        if answer.feedback:
            entry["feedback"] = unescaped(answer.feedback)
        if weight:
            accept.append(entry if weight == 100 else entry | {"weight": float(weight / 100)})
        elif answer.feedback:
            wrong.append(entry)
        else:
            silent = True
    if silent and any("pattern" in entry for entry in accept):
        raise BadValue("answers", "Beside a * that is accepted, a %0% answer needs a feedback, such as #No.")
    spec: dict[str, Any] = {"accept": accept, "ignore_case": True}
    return Read("text", spec | ({"wrong": wrong} if wrong else {}))


def matching(answers: list[Answer], format: str) -> Read:
    """Pairs written left -> right; a right one without a left one is a distractor."""
    pairs = []
    for answer in answers:
        left, arrow, right = answer.raw.partition("->")
        if not arrow:
            raise BadValue("answers", "Some have -> and some have not; write each pair as left -> right.")
        texts = (as_markdown(unescaped(marked_answer(side, format).raw), format) for side in (left, right))
        pairs.append(tuple(texts))
    notes = (
        ("A pair has no feedback of its own; it was left out.",) if any(a.feedback for a in answers) else ()
    )
    return Read("matching", matching_spec([(left, right) for left, right in pairs]), notes)


def numeric(raw: str) -> Read:
    """Numbers: value:tolerance or low..high, several with weights as far as `numeric` has a place for them."""
    if find(raw, "=~") >= 0:
        answers = answers_of(raw)
    else:
        text, feedback = feedback_of(raw)
        answers = [Answer("=", None, text, feedback)]
    notes = (
        ("A number has no feedback of its own; it was left out.",) if any(a.feedback for a in answers) else ()
    )
    weighed = [(_percent(answer), answer.raw) for answer in answers]
    if any(weight < 0 for weight, _ in weighed):
        raise BadValue("answers", "A number cannot earn less than nothing.")
    # What earns nothing needs no mention: every other number does.
    earning = sorted(((w, text) for w, text in weighed if w), key=lambda pair: -pair[0])
    full = [text for weight, text in earning if weight == 100]
    if len(full) != 1:
        said = "No number is" if not full else "Several numbers are"
        raise BadValue("answers", f"{said} worth 100 %; numeric takes one; make it a short answer instead.")
    return Read("numeric", _numeric_spec(full[0], earning[1:]), notes)


def _numeric_spec(full: str, partly: list[tuple[Decimal, str]]) -> dict[str, Any]:
    if not partly:
        if match := _RANGE.fullmatch(full):
            return {"interval": {"min": _written(match[1]), "max": _written(match[2])}}
        value, width = _near(full)
        return {"value": _written(value)} | ({"absolute": float(width)} if width else {})
    if len(partly) > 1:
        raise BadValue("answers", "numeric knows full credit and one part; remove the other weights.")
    value, width = _near(full)
    [(weight, text)] = partly
    other, wider = _near(text)
    if Decimal(other) != Decimal(value) or wider <= width:
        raise BadValue(
            "answers", "The part of the credit must be for the same number, with a wider tolerance."
        )
    spec: dict[str, Any] = {"value": _written(value)} | ({"absolute": float(width)} if width else {})
    return spec | {"close": {"absolute": float(wider), "credit": float(weight / 100)}}


def _near(text: str) -> tuple[str, Decimal]:
    """The number and how far from it one may be; a range as its middle and half its width."""
    if match := _RANGE.fullmatch(text):
        low, high = Decimal(match[1]), Decimal(match[2])
        return str((low + high) / 2), (high - low) / 2
    match = _NEAR.fullmatch(text)
    if match is None:
        raise BadValue("answers", f"{text[:40]!r} is no number; write 3.14:0.01 or 3..4.")
    return match[1], abs(Decimal(match[2] or 0))


def _written(number: str) -> int | float | str:
    """A number as a spec holds it: as a number where that is exact, else as its text."""
    exact = Decimal(number)
    if exact == exact.to_integral_value() and abs(exact) < 2**53:
        return int(exact)
    return float(exact) if Decimal(repr(float(exact))) == exact else number


def _options(answers: list[Answer], keys: list[dict[str, Any]], format: str) -> list[dict[str, Any]]:
    options = []
    for number, (answer, key) in enumerate(zip(answers, keys, strict=True), 1):
        text = marked_answer(answer.raw, format)
        option = {"id": f"o{number}", "text": as_markdown(unescaped(text.raw), text.format)} | key
        if not option["text"]:
            raise BadValue("answers", f"Answer {number} has no text.")
        if answer.feedback:
            option["feedback"] = as_markdown(unescaped(answer.feedback), format)
        options.append(option)
    return options


def _weights(percents: list[Decimal]) -> list[dict[str, Any]]:
    return [{"weight": float(percent / 100)} if percent else {} for percent in percents]


def _percent(answer: Answer) -> Decimal:
    if answer.weight is None:
        return Decimal(100 if answer.sign == "=" else 0)
    try:
        percent = Decimal(answer.weight)
    except InvalidOperation:  # pragma: no cover - the pattern lets numbers through only
        raise BadValue("answers", f"{answer.weight!r} is no weight.") from None
    if abs(percent) > 100:
        raise BadValue("answers", f"{answer.weight} % is beyond 100 %.")
    return percent


def _wording(raw: str) -> dict[str, Any]:
    """The text, or the pattern where it has a * that no backslash escapes."""
    pieces = [unescaped(piece).replace(r"\*", "*") for piece in _split_at_stars(raw)]
    if not any(pieces) and len(pieces) == 1:
        raise BadValue("answers", "A short answer has no text.")
    if len(pieces) == 1:
        return {"text": pieces[0]}
    pattern = _ANYTHING.join(re.sub(r"([^A-Za-z0-9_\s])", r"\\\1", piece) for piece in pieces)
    return {"pattern": pattern, "example": "".join(pieces) or "anything else"}


def _split_at_stars(raw: str) -> list[str]:
    pieces, start = [], 0
    while (at := find(raw, "*", start)) >= 0:
        pieces.append(raw[start:at])
        start = at + 1
    return [*pieces, raw[start:]]


PLAIN_KINDS: dict[str, Callable[[list[Answer], str], Read]] = {
    "single": single,
    "multiple": multiple,
    "matching": matching,
    "text": short,
}
