"""What all kinds share whose answer is a program."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from core.grading import CaseResult, Queue, Verdict
from graders.base import Grader
from graders.code import feedback
from graders.code.spec import is_text

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
