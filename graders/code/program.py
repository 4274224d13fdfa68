"""What all kinds share whose answer is a program."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from core.grading import CaseResult, Queue, Verdict
from graders.base import Grader
from graders.code import feedback
from graders.code.limits import limit_field, limits_for
from graders.code.spec import is_text
from graders.languages import LANGUAGES
from graders.time_use import TimeUse

MAX_SOURCE = 256 * 1024


class ProgramGrader(Grader):
    """The base of the kinds that take `{"language": ..., "source": ...}`."""

    queue = Queue.CODE
    answer_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"language": {"type": "string"}, "source": {"type": "string"}},
        "required": ["language", "source"],
        "additionalProperties": False,
    }
    languages: ClassVar[Collection[str]]

    def answer_errors(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        allowed = spec.get("languages") or sorted(self.languages)
        errors = {}
        if answer["language"] not in allowed:
            errors["answer.language"] = [f"Choose one of: {', '.join(allowed)}."]
        if message := source_message(answer["source"]):
            errors["answer.source"] = [message]
        return errors

    def time_use(
        self, spec: Mapping[str, Any], language: str, results: Sequence[CaseResult]
    ) -> TimeUse | None:
        runs = [(cpu, wall) for cpu, wall in self.runs(spec, results) if cpu is not None]
        if not runs:
            return None
        known = LANGUAGES[language]
        limit_ms = round(limits_for(spec, known).cpu_seconds * known.time_factor * 1000)
        cpu_ms, wall_ms = max(runs, key=lambda run: run[0])
        return TimeUse(cpu_ms, wall_ms, limit_ms, *limit_field(spec, known))

    def runs(
        self, spec: Mapping[str, Any], results: Sequence[CaseResult]
    ) -> list[tuple[int | None, int | None]]:
        """CPU and wall clock, in milliseconds, of each run that has the limit for itself: of each test."""
        return [(result.cpu_ms, result.wall_ms) for result in results]


def source_message(source: str) -> str | None:
    """What is wrong with a source, or None."""
    if not source.strip():
        return "Must not be blank."
    if "\x00" in source or not is_text(source):
        return "Must be text: it holds a NUL or half a character."
    if len(source.encode()) > MAX_SOURCE:
        return f"At most {MAX_SOURCE // 1024} KB."
    return None


def compile_error(text: str) -> CaseResult:
    """The one result of a source that does not compile."""
    return CaseResult(
        "compile", Verdict.COMPILE_ERROR, group="compile", feedback=feedback.readable(text).strip()
    )
