"""What the knowledge kinds share: one question, one result, and values that can be stored."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.grading import CaseResult, Verdict
from graders.base import Grader
from graders.scoring import verdict_of

Errors = dict[str, list[str]]

FEEDBACK_MAX = 2000
COMMENT = {"type": "string", "maxLength": 1000}
_UNUSABLE = "Contains a NUL or half of a surrogate pair, which is no character; remove it."


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer is worth: `score` is 0..1 and exact, `comment` is the author's word on it."""

    score: Fraction
    comment: str = ""


class QuestionGrader(Grader):
    """A kind whose answer is judged as a whole. Subclasses say what it is worth in `mark`."""

    @abstractmethod
    def mark(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mark:
        """What `answer` is worth. Pure; both arguments have passed their checks."""

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield the one result, named "answer". Raises InvalidAnswer when `answer` does not fit `spec`."""
        self.check_answer(spec, answer)
        mark = self.mark(spec, answer)
        yield CaseResult("answer", verdict_of(mark.score), float(mark.score), feedback=_feedback(mark))

    def spec_errors(self, spec: Mapping[str, Any]) -> Errors:
        return unusable_values(spec, "spec") or self.key_errors(spec)

    def answer_errors(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        return unusable_values(answer, "answer") or self.misfits(spec, answer)

    @abstractmethod
    def key_errors(self, spec: Mapping[str, Any]) -> Errors:
        """What makes the key unusable: after this check some answer scores 1."""

    @abstractmethod
    def misfits(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        """Why a well-formed `answer` cannot be graded against `spec`."""


def unusable_values(value: Any, path: str) -> Errors:
    """Messages by path for what passes a JSON Schema and still cannot be stored or calculated with."""
    if isinstance(value, str) and not _usable(value):
        return {path: [_UNUSABLE]}
    if isinstance(value, float) and not math.isfinite(value):
        return {path: ["Must be a finite number, not infinity or NaN."]}
    if isinstance(value, Mapping):
        return _merged(unusable_values(item, f"{path}.{key}") for key, item in value.items())
    if isinstance(value, list | tuple):
        return _merged(unusable_values(item, f"{path}.{i}") for i, item in enumerate(value))
    return {}


def _merged(parts: Iterator[Errors]) -> Errors:
    merged: Errors = {}
    for part in parts:
        merged |= part
    return merged


def _usable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _feedback(mark: Mark) -> str:
    # Says how much was right, never what would have been: the learner may still have attempts.
    verdict = verdict_of(mark.score)
    if verdict is Verdict.PARTIALLY_ACCEPTED:
        # Neither "0%" for a little nor "100%" for nearly all.
        text = f"Partly right: {min(max(round(mark.score * 100), 1), 99)}% of the points."
    else:
        text = "Right." if verdict is Verdict.ACCEPTED else "Not right."
    return f"{text} {mark.comment}".strip()[:FEEDBACK_MAX]
