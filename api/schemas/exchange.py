"""Challenges in and out of other systems: what is asked for, and what became of each item."""

from __future__ import annotations

from marshmallow import fields, validate

from api.content_store import Outcome
from api.schemas.base import Schema, Text, Whole
from core.exchange.formats import Format

# Over HTTP a folder travels as a zip.
NAMES = {"zip": Format.CREATHON} | {
    format.value: format for format in Format if format is not Format.CREATHON
}
FORMAT = {"description": "zip is our own format; see docs/formats.md.", "examples": ["gift"]}
ERROR = f"Must be one of {', '.join(NAMES)}."


class ImportQuery(Schema):
    """How to read what is sent."""

    format = fields.String(validate=validate.OneOf(NAMES, error=ERROR), metadata=FORMAT)
    category_id = Whole(
        1, strict=False, metadata={"description": "Put every challenge into this category.", "examples": [1]}
    )
    dry_run = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={"description": "Only tell what would happen."},
    )


class ExportQuery(Schema):
    """Which challenges, and how they are written."""

    format = fields.String(required=True, validate=validate.OneOf(NAMES, error=ERROR), metadata=FORMAT)
    challenge = fields.List(
        Text(128, least=1), load_default=[], metadata={"description": "An id or a slug; repeated: these."}
    )
    category = fields.List(
        Text(64, least=1), load_default=[], metadata={"description": "An id or a name; repeated: either."}
    )


class ImportItemSchema(Schema):
    """What became of one item."""

    outcome = fields.Enum(Outcome, by_value=True, required=True)
    item = fields.String(
        required=True, metadata={"examples": ["challenge loops/count-down", "line 12: answers"]}
    )
    message = fields.String(required=True, metadata={"description": "Why, and how to mend it."})
    challenge_id = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null where none is stored."}
    )


class ImportReportSchema(Schema):
    """What became of everything that was sent."""

    dry_run = fields.Boolean(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    items = fields.List(fields.Nested(ImportItemSchema), required=True)
