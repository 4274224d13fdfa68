"""Submissions as clients send and read them."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from api.congestion import congestion_of
from api.schemas.base import Schema, Whole
from core.grading import Verdict
from core.words import Source, SubmissionStatus

QUEUE = {
    "description": "While it waits: what it waits behind, as in GET /queues.",
    "anyOf": [{"$ref": "#/components/schemas/Queue"}, {"type": "null"}],
}


class SubmissionCreateSchema(Schema):
    """An answer; its shape depends on the challenge's kind, see GET /graders."""

    answer = fields.Dict(required=True, metadata={"description": "As the kind's answer_schema says."})


class CaseResultSchema(Schema):
    name = fields.String()
    group = fields.String()
    verdict = fields.String(metadata={"enum": [verdict.value for verdict in Verdict]})
    score = fields.Float(metadata={"description": "0..1"})
    cpu_ms = fields.Integer(allow_none=True)
    wall_ms = fields.Integer(allow_none=True)
    memory_kb = fields.Integer(allow_none=True, metadata={"description": "Peak memory."})
    feedback = fields.String(allow_none=True, metadata={"description": "Plain text, never HTML."})


class SubmissionSchema(Schema):
    """A submission without its answer and its results, as lists show it."""

    id = fields.Integer()
    challenge_id = fields.Integer()
    username = fields.Function(lambda row: row.user.username, metadata={"type": "string"})
    status = fields.Enum(SubmissionStatus, by_value=True)
    verdict = fields.Enum(Verdict, by_value=True, allow_none=True)
    score = fields.Float(allow_none=True, metadata={"description": "0..1"})
    points = fields.Integer(
        allow_none=True, metadata={"description": "What it added to the learner's points."}
    )
    attempt = fields.Integer(metadata={"description": "Counts the learner's tries at the challenge from 1."})
    language = fields.String(allow_none=True)
    source = fields.Enum(Source, by_value=True)
    queued_at = fields.AwareDateTime()
    started_at = fields.AwareDateTime(allow_none=True)
    graded_at = fields.AwareDateTime(allow_none=True)
    grader = fields.String(allow_none=True, metadata={"description": "The worker that graded it."})


class SubmissionDetailSchema(SubmissionSchema):
    """A submission in full."""

    answer = fields.Raw(metadata={"type": "object"})
    results = fields.List(fields.Nested(CaseResultSchema), dump_default=[])
    compile_output = fields.String(allow_none=True)
    queue = fields.Function(congestion_of, metadata=QUEUE)

    @ma.post_dump
    def _no_results_yet(self, data: dict, **kwargs: object) -> dict:
        return data | {"results": data["results"] or []}


class SubmissionQuerySchema(Schema):
    challenge_id = fields.List(Whole(1, strict=False), load_default=[])
    status = fields.List(fields.Enum(SubmissionStatus, by_value=True), load_default=[])
    verdict = fields.List(fields.Enum(Verdict, by_value=True), load_default=[])
    username = fields.String(
        validate=validate.Length(max=32), metadata={"description": "Authors: of this learner."}
    )
