"""Tracks as clients send and see them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Flag, Line, Schema, Text, Whole, sorting
from api.schemas.paging import PageArgs
from core.services.tracks import SORTS
from core.words import ChallengeState, ProgressStatus

MAX_CHALLENGES = 200
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
STRICT = {"description": "Whether each challenge needs the one before it."}
STATE = {
    "description": "A new track is a draft unless you say otherwise; PUT keeps the state when it is left out."
}


class Slug(Text):
    def __init__(self) -> None:
        super().__init__(64, required=True, metadata={"pattern": SLUG, "examples": ["first-steps"]})
        error = "Must be lower-case letters, digits and single hyphens between them."
        self.validators.append(validate.Regexp(SLUG.replace("$", r"\Z"), error=error))


class TrackWriteSchema(Schema):
    """What an author decides."""

    slug = Slug()
    title = Line(200, required=True, metadata={"examples": ["First steps"]})
    description = Text(50_000, load_default="", metadata={"description": "Markdown."})
    state = fields.Enum(ChallengeState, by_value=True, metadata=STATE)
    strict = Flag(load_default=False, metadata=STRICT)
    challenges = fields.List(
        Whole(1),
        load_default=list,
        validate=validate.Length(max=MAX_CHALLENGES),
        metadata={"description": "Their ids, in order."},
    )


class TrackProgressSchema(Schema):
    """How far the reader got. What they may not see does not count."""

    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    next_challenge_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The first that is not solved; null: all are."},
    )


class TrackRowSchema(Schema):
    """A track in a list."""

    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    state = fields.Enum(ChallengeState, by_value=True, required=True)
    strict = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    progress = fields.Nested(TrackProgressSchema, required=True)


class StepSchema(Schema):
    """A challenge of a track."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.Enum(ChallengeState, by_value=True, required=True)
    status = fields.Enum(ProgressStatus, by_value=True, required=True, allow_none=True)
    locked = fields.Boolean(required=True)


class TrackSchema(TrackRowSchema):
    """A track with its challenges, in order."""

    challenges = fields.List(fields.Nested(StepSchema), required=True)


class TrackQuery(PageArgs):
    sort = sorting(SORTS, "title")
