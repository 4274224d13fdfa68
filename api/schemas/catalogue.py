"""What can be answered, and in which languages."""

from __future__ import annotations

from marshmallow import fields

from api.schemas.base import Schema


class LanguageSchema(Schema):
    name = fields.String(required=True, metadata={"examples": ["python"]})
    version = fields.String(required=True)
    workers = fields.Integer(required=True, metadata={"description": "Live workers that offer it."})


class GraderSchema(Schema):
    kind = fields.String(required=True, metadata={"examples": ["code.batch"]})
    title = fields.String(required=True)
    queue = fields.String(required=True)
    spec_schema = fields.Dict(required=True, metadata={"description": "JSON Schema of a challenge's spec."})
    answer_schema = fields.Dict(required=True, metadata={"description": "JSON Schema of an answer."})


class QueueSchema(Schema):
    """How much waits in a queue, or in the lane of one language."""

    name = fields.String(required=True, metadata={"examples": ["knowledge", "code", "code.python"]})
    depth = fields.Integer(required=True, metadata={"description": "How many wait."})
    oldest_seconds = fields.Float(required=True, metadata={"description": "How long the oldest has waited."})
    estimated_wait_seconds = fields.Float(
        required=True, allow_none=True, metadata={"description": "null: no worker serves it now."}
    )
    workers = fields.Integer(required=True)
