"""The text of one GIFT question, taken apart. Facts: the page "GIFT format" of Moodle's documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.exchange.values import BadValue

FORMATS = ("html", "moodle", "markdown", "plain", "auto")
BLANK = "_____"
ANSWERS_MAX = 200
_FORMAT = re.compile(r"\s*\[(html|moodle|markdown|plain|auto)\]", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([~=#{}:n\\])")
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,6}(?:\.[0-9]{0,9})?)%")


@dataclass(frozen=True, slots=True)
class Marked:
    """A raw text and the markup that its author named ("" for none)."""

    raw: str
    format: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of a question's answers: "=" or "~", the weight in percent where one is given, raw texts."""

    sign: str
    weight: str | None
    raw: str
    feedback: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `answers` is the raw text between the braces, None in a description without any."""

    title: str
    text: Marked
    answers: str | None
    general_feedback: str


def question_of(text: str) -> Question:
    """Take a block apart. Raises BadValue."""
    title, rest = _title(text.strip())
    start = find(rest, "{")
    if start < 0:
        if find(rest, "}") >= 0:
            raise BadValue("", r"A } stands alone; write \} where you mean the sign.")
        return Question(title, _marked(rest), None, "")
    end = find(rest, "}", start)
    if end < 0:
        raise BadValue("", "The { of the answers has no } (a blank line ends a question).")
    inner = rest[start + 1 : end]
    if find(inner, "{") >= 0 or find(rest, "{}", end + 1) >= 0:
        raise BadValue("", r"Has more than one pair of braces; write \{ and \} where you mean the signs.")
    tail = rest[end + 1 :].strip()
    text = f"{rest[:start].rstrip()} {BLANK} {tail}" if tail else rest[:start]
    answers, _, general = _cut(inner, "####")
    return Question(title, _marked(text), answers.strip(), general.strip())


def answers_of(raw: str) -> list[Answer]:
    """The answers that begin with = or ~. Raises BadValue."""
    starts = []
    at = find(raw, "=~")
    if raw[: at if at >= 0 else None].strip():
        raise BadValue("answers", "Must begin with = or ~, or be T, F, or # and a number.")
    while at >= 0:
        starts.append(at)
        at = find(raw, "=~", at + 1)
    if len(starts) > ANSWERS_MAX:
        raise BadValue("answers", f"There are more than {ANSWERS_MAX}.")
    return [_answer(raw[start:end]) for start, end in zip(starts, [*starts[1:], len(raw)], strict=True)]


def feedback_of(raw: str) -> tuple[str, str]:
    """A raw text without its feedback, and the feedback."""
    text, _, feedback = _cut(raw, "#")
    return text.strip(), feedback.strip()


def find(text: str, signs: str, start: int = 0) -> int:
    """Where the first of `signs` stands that no backslash escapes; -1 for nowhere."""
    at = start
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] in signs:
            return at
        else:
            at += 1
    return -1


def unescaped(raw: str) -> str:
    """A raw text as it is meant."""
    return _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], raw).strip()


def escaped(text: str) -> str:
    """`text` as it is written."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[~=#{}:\\]", r"\\\g<0>", text).replace("\n", r"\n")


def marked_answer(raw: str, format: str) -> Marked:
    """An answer's text; without a markup of its own it has the question's."""
    own = _marked(raw)
    return own if own.format else Marked(own.raw, format)


def _title(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    end = 2
    while (end := find(text, ":", end)) >= 0 and text[end : end + 2] != "::":
        end += 1
    if end < 0:
        raise BadValue("title", "Begins with :: and does not end with ::.")
    return " ".join(unescaped(text[2:end]).split()), text[end + 2 :]


def _marked(raw: str) -> Marked:
    if match := _FORMAT.match(raw):
        return Marked(raw[match.end() :].strip(), match[1].lower())
    return Marked(raw.strip())


def _answer(raw: str) -> Answer:
    weight = _WEIGHT.match(raw, 1)
    text, feedback = feedback_of(raw[weight.end() if weight else 1 :])
    return Answer(raw[0], weight[1] if weight else None, text, feedback)


def _cut(raw: str, sign: str) -> tuple[str, bool, str]:
    """`raw` before and after the first unescaped `sign`, which is one character repeated."""
    at = find(raw, sign[0])
    while at >= 0 and not raw.startswith(sign, at):
        at = find(raw, sign[0], at + 1)
    return (raw, False, "") if at < 0 else (raw[:at], True, raw[at + len(sign) :])
