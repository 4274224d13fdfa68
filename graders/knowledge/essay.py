"""`essay`: a text that a person reads and marks by a rubric."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from core.errors import InfrastructureError
from core.grading import CaseResult
from graders.base import Grader
from graders.knowledge.items import ID, repeated
from graders.knowledge.question import Errors, unusable_values
from graders.knowledge.wording import is_blank
from graders.rubric import Criterion

TEXT_MAX = 50_000
WORDS_MAX = 10_000
_WORDS = {"type": "integer", "minimum": 1, "maximum": WORDS_MAX}
_POINTS = {"type": "number", "exclusiveMinimum": 0, "maximum": 1000}
_PROSE = {"type": "string", "minLength": 1, "maxLength": 10_000}


class EssayGrader(Grader):
    """Answer `{"text": "..."}`. Checked here, graded by nobody but a reviewer."""

    kind = "essay"
    title = "Essay"
    manual = True
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["rubric"],
        "properties": {
            "min_words": _WORDS,
            "max_words": _WORDS,
            "model_answer": _PROSE,
            "rubric": {
                "type": "array",
                "minItems": 1,
                "maxItems": 20,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "text", "points"],
                    "properties": {
                        "id": ID,
                        "text": {"type": "string", "minLength": 1, "maxLength": 1000},
                        "points": _POINTS,
                        "step": _POINTS,
                        "guidance": _PROSE,
                    },
                },
            },
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "properties": {"text": {"type": "string", "minLength": 1, "maxLength": TEXT_MAX}},
    }

    def spec_errors(self, spec: Mapping[str, Any]) -> Errors:
        if errors := unusable_values(spec, "spec"):
            return errors
        if twice := repeated(spec["rubric"]):
            return {"spec.rubric": [f"Criterion ids must differ; used twice: {', '.join(twice)}."]}
        if spec.get("min_words", 1) > spec.get("max_words", WORDS_MAX):
            return {"spec.min_words": ["Must not be above max_words."]}
        return {
            f"spec.rubric.{i}.step": [f"Must divide the criterion's points, {criterion.points:g}."]
            for i, criterion in enumerate(self.rubric(spec))
            if not criterion.allows(criterion.points)
        }

    def answer_errors(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        if errors := unusable_values(answer, "answer"):
            return errors
        if is_blank(answer["text"]):
            return {"answer.text": ["Must not be blank; write your text."]}
        words, least, most = len(answer["text"].split()), spec.get("min_words"), spec.get("max_words")
        if least and words < least:
            return {"answer.text": [f"Must have at least {least} words; this has {words}."]}
        if most and words > most:
            return {"answer.text": [f"Must have at most {most} words; this has {words}."]}
        return {}

    def rubric(self, spec: Mapping[str, Any]) -> tuple[Criterion, ...]:
        return tuple(
            Criterion(one["id"], one["text"], one["points"], one.get("step")) for one in spec["rubric"]
        )

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        shown = ("id", "text", "points")
        return {
            "min_words": spec.get("min_words"),
            "max_words": spec.get("max_words"),
            "rubric": [{field: criterion[field] for field in shown} for criterion in spec["rubric"]],
        }

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Raises InfrastructureError, always: an essay that comes here has missed the review queue."""
        raise InfrastructureError("An essay is marked by a reviewer, never by a program.")
