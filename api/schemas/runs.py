"""Trial runs as clients send and read them."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from api.schemas.base import Schema, Text
from api.schemas.submissions import CaseResultSchema
from core.grading import Verdict
from core.services.runs import MAX_STDIN
from core.words import SubmissionStatus


class RunCreateSchema(Schema):
    """An answer to try, and the input to try it on; without one it meets the sample tests."""

    answer = fields.Dict(required=True, metadata={"description": "As the kind's answer_schema says."})
    stdin = Text(MAX_STDIN, load_default=None, allow_none=True)


class TrialResultSchema(CaseResultSchema):
    stdout = fields.String(allow_none=True, metadata={"description": "What the program printed."})
    stderr = fields.String(allow_none=True)


class RunSchema(Schema):
    id = fields.Integer()
    challenge_id = fields.Integer()
    status = fields.Enum(SubmissionStatus, by_value=True)
    verdict = fields.Enum(Verdict, by_value=True, allow_none=True)
    results = fields.List(fields.Nested(TrialResultSchema))
    compile_output = fields.String(allow_none=True)
    failure = fields.String(allow_none=True, metadata={"description": "What failed on our side."})
    queued_at = fields.AwareDateTime()
    started_at = fields.AwareDateTime(allow_none=True)
    graded_at = fields.AwareDateTime(allow_none=True)

    @ma.post_dump
    def _no_results_yet(self, data: dict, **kwargs: object) -> dict:
        return data | {"results": data["results"] or []}
