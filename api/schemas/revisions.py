"""Revisions of challenges, for authors."""

from __future__ import annotations

from marshmallow import fields

from api.schemas.base import Schema, Whole


class RevisionRowSchema(Schema):
    """A revision in a list."""

    number = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    points = fields.Integer(required=True)
    author_id = fields.Integer(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    live = fields.Boolean(required=True, metadata={"description": "Whether learners see this one."})


class ChangeSchema(Schema):
    """A field that two revisions do not share."""

    field = fields.String(required=True)
    diff = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Unified, from the older to the newer; null: too long to compare."},
    )


class RevisionSchema(RevisionRowSchema):
    """A revision in full; with `against` also what differs."""

    content = fields.Dict(required=True, metadata={"description": "The challenge's fields as they were."})
    changes = fields.List(
        fields.Nested(ChangeSchema), metadata={"description": "Only where `against` was asked for."}
    )


class RevisionQuery(Schema):
    against = Whole(1, strict=False, metadata={"description": "Another revision to compare it with."})
