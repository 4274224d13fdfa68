"""`multipart`: weighted parts, each a question of another kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from graders.base import schema_errors
from graders.knowledge.catalogue import QUESTIONS
from graders.knowledge.items import ID, repeated
from graders.knowledge.parts import POINTS, Part, PartsGrader
from graders.knowledge.question import Errors

PARTS_MAX = 30


class MultipartGrader(PartsGrader):
    """Answer `{"parts": {"p1": {...}}}`. A part that is left out scores 0; a `required` one must be there.

    Parts that the learner's last graded answer had right are taken from there.
    """

    kind = "multipart"
    title = "Several parts"
    carries_over = True
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["parts"],
        "properties": {
            "parts": {
                "type": "array",
                "minItems": 1,
                "maxItems": PARTS_MAX,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "kind", "spec"],
                    "properties": {
                        "id": ID,
                        "text": {"type": "string", "maxLength": 10_000},
                        "kind": {"enum": list(QUESTIONS)},
                        "points": POINTS,
                        "required": {"type": "boolean"},
                        "spec": {"type": "object"},
                    },
                },
            }
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["parts"],
        "properties": {
            "parts": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": PARTS_MAX,
                "propertyNames": {"maxLength": 64},
                "additionalProperties": {"type": "object"},
            }
        },
    }

    def parts(self, spec: Mapping[str, Any]) -> list[Part]:
        return [
            Part(
                part["id"],
                QUESTIONS[part["kind"]],
                part["spec"],
                part.get("points", 1),
                f"spec.parts.{i}.spec",
            )
            for i, part in enumerate(spec["parts"])
        ]

    def answers(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        return dict(answer["parts"])

    def answer_path(self, part: Part) -> str:
        return f"answer.parts.{part.id}"

    def spec_errors(self, spec: Mapping[str, Any]) -> Errors:
        if twice := repeated(spec["parts"]):
            return {"spec.parts": [f"Part ids must differ; used twice: {', '.join(twice)}."]}
        return super().spec_errors(spec)

    def answer_errors(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        ids = [part["id"] for part in spec["parts"]]
        if strangers := [name for name in answer["parts"] if name not in ids]:
            return {"answer.parts": [f"There is no part {strangers[0]!r}. Parts: {', '.join(ids)}."]}
        required = [part["id"] for part in spec["parts"] if part.get("required")]
        if missing := [name for name in required if name not in answer["parts"]]:
            return {"answer.parts": [f"These parts must be answered: {', '.join(missing)}."]}
        return super().answer_errors(spec, answer)

    def completed(
        self, spec: Mapping[str, Any], answer: Any, earlier: Mapping[str, Any], finished: Collection[str]
    ) -> Any:
        """`answer` with the `finished` parts of `earlier` that it leaves out. A malformed one stays as it is."""
        if schema_errors(self.answer_schema, answer, "answer"):
            return answer
        ids = {part["id"] for part in spec["parts"]}
        kept = {name: given for name, given in earlier["parts"].items() if name in finished and name in ids}
        return {**answer, "parts": {**kept, **answer["parts"]}}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {"parts": [self._shown(part) for part in spec["parts"]]}

    def arrange(self, shown: Mapping[str, Any], seed: str) -> dict[str, Any]:
        parts = [
            {**part, "spec": QUESTIONS[part["kind"]].arrange(part["spec"], f"{seed}:{part['id']}")}
            for part in shown["parts"]
        ]
        return {**shown, "parts": parts}

    def _shown(self, part: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": part["id"],
            "text": part.get("text", ""),
            "kind": part["kind"],
            "points": part.get("points", 1),
            "required": part.get("required", False),
            "spec": QUESTIONS[part["kind"]].redact(part["spec"]),
        }
