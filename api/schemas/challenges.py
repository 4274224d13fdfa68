"""Challenges as authors write them, and as each reader may see them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Line, Schema, Text, Whole, sorting
from api.schemas.paging import PageArgs
from api.schemas.progress import ProgressSchema
from core.services.challenges import NOT_STARTED, SORTS
from core.words import ChallengeState, Difficulty, ProgressStatus, Resubmission
from graders.registry import GRADERS

MAX_POINTS = 10_000
MAX_ATTEMPTS = 1_000
KIND = {"description": "See /api/graders.", "examples": ["choice"], "enum": sorted(GRADERS)}
EXAMPLE = {"options": [{"id": "a", "text": "Paris", "correct": True}, {"id": "b", "text": "Rome"}]}
SPEC = {"description": "As the kind's spec_schema says; see /api/graders.", "examples": [EXAMPLE]}
STATE = {
    "description": "A new challenge is a draft unless you say otherwise; PUT keeps the state when it is left out."
}
MARKDOWN = {"description": "Markdown.", "examples": ["Which city is it?"]}
UNLIMITED = {"description": "null: without limit."}
FINISHED = {
    "description": "Parts of a multipart that your last graded answer had right: a new answer may leave them out."
}
RESUBMIT = {
    "description": "What a new answer does to the learner's earlier ones that still wait: keep them, or supersede "
    "them (they are cancelled and cost no attempt)."
}
STATUSES = [NOT_STARTED, *(status.value for status in ProgressStatus)]


class LimitsSchema(Schema):
    """How often the reader may still submit."""

    attempts_max = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null: without limit."}
    )
    attempts_left = fields.Integer(required=True, allow_none=True)
    resets_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When attempts come back; null: never."}
    )


class ChallengeWriteSchema(Schema):
    """What an author decides."""

    title = Line(200, required=True, metadata={"examples": ["The capital of France"]})
    description = Text(50_000, load_default="", metadata=MARKDOWN)
    difficulty = fields.Enum(Difficulty, by_value=True, required=True)
    points = Whole(0, MAX_POINTS, required=True, metadata={"examples": [10]})
    category_id = Whole(1, load_default=None, allow_none=True)
    kind = Text(64, least=1, required=True, metadata=KIND)
    spec = fields.Dict(keys=fields.String(), required=True, metadata=SPEC)
    tags = fields.List(
        Line(64, metadata={"examples": ["europe"]}), load_default=list, validate=validate.Length(max=20)
    )
    state = fields.Enum(ChallengeState, by_value=True, metadata=STATE)
    attempts_max = Whole(1, MAX_ATTEMPTS, load_default=None, allow_none=True, metadata=UNLIMITED)
    on_resubmit = fields.Enum(Resubmission, by_value=True, load_default=Resubmission.KEEP, metadata=RESUBMIT)


class ChallengeRowSchema(Schema):
    """A challenge in a list."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    difficulty = fields.Enum(Difficulty, by_value=True, required=True)
    points = fields.Integer(required=True)
    category_id = fields.Integer(required=True, allow_none=True)
    kind = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)
    state = fields.Enum(ChallengeState, by_value=True, required=True)
    attempts_max = fields.Integer(required=True, allow_none=True)
    on_resubmit = fields.Enum(Resubmission, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    limits = fields.Nested(LimitsSchema, required=True)
    progress = fields.Nested(ProgressSchema, required=True, allow_none=True)


class ChallengeSchema(ChallengeRowSchema):
    """A challenge with its spec: all of it for authors, for learners what they need to answer."""

    spec = fields.Dict(keys=fields.String(), required=True)
    finished_parts = fields.List(fields.String(), required=True, metadata=FINISHED)


class ChallengeQuery(PageArgs):
    """Filters; a key that is repeated means either."""

    category = fields.List(
        Text(64, least=1), load_default=[], metadata={"description": "An id or a name; repeated: either."}
    )
    difficulty = fields.List(fields.Enum(Difficulty, by_value=True), load_default=[])
    kind = fields.List(fields.String(validate=validate.OneOf(sorted(GRADERS))), load_default=[])
    tag = fields.List(Text(64), load_default=[])
    status = fields.List(
        fields.String(validate=validate.OneOf(STATUSES)),
        load_default=[],
        metadata={"description": "Your progress."},
    )
    state = fields.List(fields.Enum(ChallengeState, by_value=True), load_default=[])
    q = Text(200, metadata={"description": "Searches title, description and tags."})
    sort = sorting(SORTS, "-created_at")
