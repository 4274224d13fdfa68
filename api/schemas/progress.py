"""Progress, leaderboard and events as clients read them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Schema, Whole
from core.services.leaderboard import Window
from core.words import ProgressStatus


class ProgressSchema(Schema):
    challenge_id = fields.Integer()
    status = fields.Enum(ProgressStatus, by_value=True)
    attempts = fields.Integer()
    score = fields.Float(metadata={"description": "The best so far, 0..1."})
    points = fields.Integer()
    started_at = fields.AwareDateTime()
    completed_at = fields.AwareDateTime(allow_none=True)


class ProgressStartSchema(Schema):
    challenge_id = Whole(1, required=True)
    status = fields.String(
        load_default=ProgressStatus.STARTED.value,
        validate=validate.Equal(
            ProgressStatus.STARTED.value,
            error="Only started can be set; grading sets submitted and completed.",
        ),
    )


class ProgressQuerySchema(Schema):
    challenge_id = fields.List(Whole(1, strict=False), load_default=[])
    status = fields.List(fields.Enum(ProgressStatus, by_value=True), load_default=[])


class StandingSchema(Schema):
    rank = fields.Integer()
    username = fields.String()
    points = fields.Integer()
    last_scored_at = fields.AwareDateTime()


class LeaderboardQuerySchema(Schema):
    scope = fields.String(
        load_default="global",
        validate=validate.OneOf(["global", "category"]),
        metadata={"description": "category: also name one."},
    )
    category = Whole(1, strict=False, metadata={"description": "Points won in this category only."})
    window = fields.Enum(
        Window,
        by_value=True,
        load_default=Window.ALL,
        metadata={"description": "Points won today, this week (from Monday) or this month, in UTC; or ever."},
    )


class EventSchema(Schema):
    id = fields.Integer(metadata={"description": "Counts per user from 1, without holes."})
    type = fields.String()
    at = fields.AwareDateTime()
    data = fields.Dict()


class TelegramLinkSchema(Schema):
    url = fields.Url(metadata={"description": "Open it in Telegram; it works once."})
    expires_at = fields.AwareDateTime()
