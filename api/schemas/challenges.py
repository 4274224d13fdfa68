"""Challenges as authors write them, and as each reader may see them."""

from __future__ import annotations

from datetime import UTC, datetime

from marshmallow import fields, validate

from api.schemas.base import Line, Schema, Text, Whole, sorting
from api.schemas.checks import SOLUTIONS, CheckLinkSchema, Solutions, SolutionSchema
from api.schemas.life import (
    HINTS,
    Lang,
    Locale,
    MissingField,
    hints_field,
    prerequisites_field,
    translations_field,
)
from api.schemas.paging import PageArgs
from api.schemas.progress import ProgressSchema
from core.services.challenges import NOT_STARTED, SORTS
from core.words import ChallengeState, Difficulty, ProgressStatus, Rejudging, Resubmission
from graders.registry import GRADERS

MAX_POINTS = 10_000
MAX_ATTEMPTS = 1_000
KIND = {"description": "See /api/graders.", "examples": ["choice"], "enum": sorted(GRADERS)}
EXAMPLE = {"options": [{"id": "a", "text": "Paris", "correct": True}, {"id": "b", "text": "Rome"}]}
SPEC = {"description": "As the kind's spec_schema says; see /api/graders.", "examples": [EXAMPLE]}
STATE = {
    "description": "A new challenge is a draft unless you say otherwise; PUT keeps the state when it is left out. "
    "`published` is a wish: a challenge whose solutions must be run stays a draft until its `check` has passed."
}
DATE = {"description": "When a draft asks to be published by itself, once. Authors only."}
YEARS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MARKDOWN = {"description": "Markdown.", "examples": ["Which city is it?"]}
UNLIMITED = {"description": "null: without limit."}
FINISHED = {
    "description": "Parts of a multipart that your last graded answer had right: a new answer may leave them out."
}
RESUBMIT = {
    "description": "What a new answer does to the learner's earlier ones that still wait: keep them, or supersede "
    "them (they are cancelled and cost no attempt)."
}
REJUDGE = {
    "description": "When a rejudge finds fewer points: learners keep what they have, or it is adjusted."
}
MAX_COOLDOWN = 7 * 24 * 3600
PENALTY = {
    "description": "The share (0..1) of the points that each earlier attempt costs.",
    "examples": [0.1],
}
COOLDOWN = {"description": "Seconds between two answers of a learner; null: none."}
EDITORIAL = {"description": "Markdown; learners read it when they have solved the challenge."}
LOCALE = {"description": "The language of the challenge's own texts.", "examples": ["en"]}
STATUSES = [NOT_STARTED, *(status.value for status in ProgressStatus)]


FOR_AUTHORS = {"description": "For authors only."}
HAS_EDITORIAL = {"description": "Whether GET .../editorial answers once you have solved it."}


class LimitsSchema(Schema):
    """How often the reader may still submit, and what it would be worth."""

    attempts_max = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null: without limit."}
    )
    attempts_left = fields.Integer(required=True, allow_none=True)
    resets_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When a cooldown ends; null: none runs."}
    )
    points_available = fields.Integer(
        required=True,
        metadata={
            "description": "What a full solution handed in now is worth in all, after the attempts and hints so far."
        },
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
    on_rejudge = fields.Enum(Rejudging, by_value=True, load_default=Rejudging.KEEP, metadata=REJUDGE)
    attempt_penalty = fields.Float(load_default=0.0, validate=validate.Range(0, 1), metadata=PENALTY)
    cooldown_seconds = Whole(1, MAX_COOLDOWN, load_default=None, allow_none=True, metadata=COOLDOWN)
    hints = hints_field()
    editorial = Text(50_000, load_default="", metadata=EDITORIAL)
    prerequisites = prerequisites_field()
    locale = Locale(load_default="en", metadata=LOCALE)
    translations = translations_field()
    solutions = Solutions(load_default=list)
    publish_at = fields.AwareDateTime(
        load_default=None, allow_none=True, validate=validate.Range(*YEARS), metadata=DATE
    )


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
    attempt_penalty = fields.Float(required=True)
    cooldown_seconds = fields.Integer(required=True, allow_none=True)
    locked = fields.Boolean(
        required=True, metadata={"description": "Whether you must do something else first."}
    )
    missing = MissingField(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    limits = fields.Nested(LimitsSchema, required=True)
    progress = fields.Nested(ProgressSchema, required=True, allow_none=True)
    revision = fields.Integer(metadata={"description": "Authors: the one that learners see."})
    head = fields.Integer(
        metadata={"description": "Authors: the latest; ahead while it waits for its check."}
    )
    publish_at = fields.AwareDateTime(allow_none=True, metadata=DATE)


class ChallengeSchema(ChallengeRowSchema):
    """A challenge with its spec: all of it for authors, for learners what they need to answer.

    Authors get its latest revision, learners the live one.
    """

    spec = fields.Dict(keys=fields.String(), required=True)
    hints = fields.Raw(required=True, metadata=HINTS)
    has_editorial = fields.Boolean(required=True, metadata=HAS_EDITORIAL)
    locales = fields.List(
        fields.String(), required=True, metadata={"description": "The languages that there are texts in."}
    )
    # For authors only; see api.challenge_view.
    locale = fields.String(metadata=FOR_AUTHORS)
    editorial = fields.String(metadata=FOR_AUTHORS)
    translations = fields.Dict(metadata=FOR_AUTHORS)
    prerequisites = fields.Dict(allow_none=True, metadata=FOR_AUTHORS)
    on_rejudge = fields.Enum(Rejudging, by_value=True, metadata=FOR_AUTHORS)
    solutions = fields.List(fields.Nested(SolutionSchema), metadata=SOLUTIONS)
    check = fields.Nested(CheckLinkSchema, allow_none=True)
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
    lang = Lang()
