"""The queue of reviews, and verdicts, as reviewers read and write them."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.schemas.base import Named, Schema, Text, Whole
from core.words import Claimed

WORD = {"description": "What the learner reads, as plain text."}
CRITERIA = {
    "description": "Points for each criterion of the rubric, by its id. Give this or a score.",
    "examples": [{"cost": {"points": 1.5, "comment": "Locks are missing."}}],
}


class CriterionPointsSchema(Schema):
    """What one criterion of the rubric is worth in this answer."""

    points = fields.Float(required=True, metadata={"description": "From 0 to the criterion's points."})
    comment = Text(2_000, load_default="", metadata=WORD)


class ReviewSchema(Schema):
    """A reviewer's verdict: by the rubric, or by one score."""

    score = fields.Float(validate=validate.Range(0, 1), metadata={"description": "0..1"})
    criteria = Named(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.Nested(CriterionPointsSchema),
        validate=validate.Length(max=100),
        metadata=CRITERIA,
    )
    feedback = Text(10_000, load_default="", metadata=WORD)

    @ma.validates_schema
    def _one_of_both(self, data: dict[str, Any], **kwargs: object) -> None:
        if ("score" in data) == ("criteria" in data):
            raise ma.ValidationError("Give criteria or a score, one of both.")


class ReviewRowSchema(Schema):
    """A submission that awaits review."""

    submission_id = fields.Integer()
    challenge_id = fields.Integer()
    title = fields.String(metadata={"description": "The challenge's."})
    username = fields.String(metadata={"description": "The learner's."})
    display_name = fields.String()
    attempt = fields.Integer()
    waiting_since = fields.AwareDateTime()
    claimed_by = fields.String(allow_none=True, metadata={"description": "A user name; null: it is free."})
    claimed_until = fields.AwareDateTime(allow_none=True)


class RubricLineSchema(Schema):
    id = fields.String()
    text = fields.String()
    points = fields.Float()
    step = fields.Float(metadata={"description": "Points are multiples of it."})
    guidance = fields.String(metadata={"description": "For reviewers only."})


class ClaimedReviewSchema(ReviewRowSchema):
    """A submission that you have claimed, and what you need to mark it."""

    answer = fields.Raw(metadata={"type": "object"})
    rubric = fields.List(fields.Nested(RubricLineSchema), metadata={"description": "As the author wrote it."})
    model_answer = fields.String(allow_none=True, metadata={"description": "For reviewers only."})


class ReviewQuerySchema(Schema):
    """Filters; a key that is repeated means either."""

    challenge_id = fields.List(Whole(1, strict=False), load_default=[])
    category = fields.List(
        Text(64, least=1), load_default=[], metadata={"description": "An id or a name; repeated: either."}
    )


class ReviewListSchema(ReviewQuerySchema):
    claimed = fields.List(
        fields.Enum(Claimed, by_value=True),
        load_default=[],
        metadata={"description": "By you, by nobody, by others."},
    )
