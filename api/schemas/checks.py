"""A challenge's solutions as authors write them, and the checks that run them."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import json
from marshmallow import fields, validate

from api.schemas.base import Line, Schema, Whole
from core.grading import Verdict, promised
from core.words import BatchStatus, Purpose
from graders.strength.check import MOST_MUTANTS

MAX_SOLUTIONS = 100
MAX_SIZE = 2 * 2**20  # bytes of JSON, all together
VERDICT = {
    "description": "What the answer must get. Left out: what the name begins with, as in `wrong_answer_greedy.py`."
}
NO_VERDICT = f"Say which verdict it must get, or begin its name with one: {', '.join(Verdict)}."
SOLUTIONS = {
    "description": "Answers and the verdicts that they must get: programs, or a question's examples. Authors only."
}
MUTANTS = {
    "description": "How many programs with one small mistake are made of the Python reference; 0: none."
}
PROGRESS = {
    "description": "How many answers are in which status: queued, grading, graded, failed.",
    "additionalProperties": {"type": "integer"},
}
REPORT = {
    "description": "Per solution what it must get, what it got, its slowest run beside the limit, and why it is "
    "refused; warnings; with `verify` the strength of the tests: score and surviving mutants. null while it runs."
}


class SolutionSchema(Schema):
    """An answer that must get a certain verdict."""

    name = Line(200, required=True, metadata={"examples": ["accepted.py"]})
    verdict = fields.String(validate=validate.OneOf([*map(str, Verdict)]), metadata=VERDICT)
    answer = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "As the kind's answer_schema says.", "examples": [{"selected": ["a"]}]},
    )

    @ma.post_load
    def _with_verdict(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        verdict = data.get("verdict") or promised(data["name"])
        if verdict is None:
            raise ma.ValidationError({"verdict": [NO_VERDICT]})
        return {"name": data["name"], "verdict": str(verdict), "answer": data["answer"]}


def fit(solutions: list[dict[str, Any]]) -> None:
    """Raises ValidationError for two of one name, or when they are too large together."""
    names = [solution["name"] for solution in solutions]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ma.ValidationError(f"Each name may stand once; twice there: {', '.join(twice)}.")
    if len(json.dumps(solutions).encode()) > MAX_SIZE:
        raise ma.ValidationError("Must have at most 2 MB as JSON, all together.")


class Complete(fields.Nested):
    """A nested object that needs its required fields also where the outer one may leave out some (PATCH)."""

    def _load(self, value: Any, partial: Any = None) -> Any:
        return super()._load(value, partial=False)


class Solutions(fields.List):
    """The solutions of a challenge."""

    def __init__(self, **kwargs: Any) -> None:
        rules: list[Any] = [validate.Length(max=MAX_SOLUTIONS), fit]
        super().__init__(Complete(SolutionSchema), validate=rules, metadata=SOLUTIONS, **kwargs)


class CheckLinkSchema(Schema):
    """The last check for publication that the latest revision has had."""

    id = fields.Integer(required=True)
    status = fields.Enum(BatchStatus, by_value=True, required=True)
    href = fields.String(required=True, metadata={"examples": ["/api/checks/1"]})


class CheckRowSchema(Schema):
    """A check in a list."""

    id = fields.Integer(required=True)
    challenge_id = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    status = fields.Enum(BatchStatus, by_value=True, required=True)
    requested_by = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Whose wish it was."}
    )
    created_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


class CheckSchema(CheckRowSchema):
    """A check, how far it is, and what it found."""

    progress = fields.Dict(required=True, metadata=PROGRESS)
    report = fields.Dict(required=True, allow_none=True, metadata=REPORT)


class VerifySchema(Schema):
    """How thorough it shall be."""

    mutants = Whole(0, MOST_MUTANTS, load_default=100, metadata=MUTANTS)
