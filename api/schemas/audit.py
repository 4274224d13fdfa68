"""The audit log as admins read it."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import MAX_INT, Schema

WORD = r"^[a-z_.]{1,64}$"
OBJECT = rf"^[a-z_]{{1,32}}(:[0-9]{{1,{len(str(MAX_INT))}}})?$"


class AuditEntrySchema(Schema):
    """A privileged act."""

    id = fields.Integer()
    at = fields.AwareDateTime()
    actor = fields.String(metadata={"description": "A user name, or cli: and a Unix user."})
    actor_id = fields.Integer(allow_none=True)
    act = fields.String(metadata={"examples": ["user.role_changed"]})
    object_type = fields.String(metadata={"examples": ["user"]})
    object_id = fields.Integer(allow_none=True)
    details = fields.Raw(metadata={"type": "object"})
    request_id = fields.String(allow_none=True, metadata={"description": "As in X-Request-ID and the logs."})
    address = fields.String(allow_none=True)


class AuditQuerySchema(Schema):
    actor = fields.List(fields.String(validate=validate.Length(1, 64)), load_default=[])
    act = fields.List(fields.String(validate=validate.Regexp(WORD)), load_default=[])
    object = fields.List(
        fields.String(validate=validate.Regexp(OBJECT)),
        load_default=[],
        metadata={"description": "A type, or type:id.", "examples": [["challenge:12"]]},
    )
    since = fields.AwareDateTime(metadata={"description": "At this time or later, with its offset from UTC."})
    until = fields.AwareDateTime(metadata={"description": "Before this time."})
