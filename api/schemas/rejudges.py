"""Rejudges as authors ask for them and look at them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Schema, Whole
from core.grading import Verdict
from core.services.rejudge_changes import Effect
from core.words import BatchStatus, Rejudging


class RejudgeTargetSchema(Schema):
    """Against which revision; without a word the live one."""

    target = Whole(1, metadata={"description": "A revision of the challenge that is or was live."})


class RejudgeScopeSchema(RejudgeTargetSchema):
    """Which graded submissions of the challenge; each field narrows them, and none is needed."""

    username = fields.String(
        validate=validate.Length(1, 32), metadata={"description": "Those of this learner."}
    )
    revision = Whole(1, metadata={"description": "Those that are graded against this revision."})
    verdict = fields.List(
        fields.Enum(Verdict, by_value=True),
        load_default=[],
        metadata={"description": "Those that have one of these verdicts now."},
    )
    since = fields.AwareDateTime(metadata={"description": "Those handed in at this time or later."})
    until = fields.AwareDateTime(metadata={"description": "Those handed in before this time."})


class RejudgeProgressSchema(Schema):
    """Submissions by what we have done with them."""

    queued = fields.Integer()
    grading = fields.Integer()
    graded = fields.Integer()
    failed = fields.Integer(metadata={"description": "Could not be graded; the list of changes says why."})


class RejudgeTransitionSchema(Schema):
    """So many submissions change from one verdict to another, or their score within one."""

    from_ = fields.String(data_key="from", attribute="from")
    to = fields.String()
    submissions = fields.Integer()


class RejudgeLearnersSchema(Schema):
    concerned = fields.Integer(metadata={"description": "Have a submission in the rejudge."})
    up = fields.Integer(metadata={"description": "Win points."})
    down = fields.Integer(metadata={"description": "Lose points."})
    completed = fields.Integer(metadata={"description": "Complete the challenge by it."})
    reopened = fields.Integer(metadata={"description": "Had completed it, and no longer have."})


class RejudgePointsSchema(Schema):
    up = fields.Integer(metadata={"description": "Won by all learners together."})
    down = fields.Integer(metadata={"description": "Lost by all learners together."})


class RejudgeSummarySchema(Schema):
    """What a ready rejudge would change if it were applied now, and what an applied one has changed."""

    policy = fields.String(
        metadata={
            "enum": [word.value for word in Rejudging],
            "description": "The challenge's `on_rejudge`: with `keep` nobody loses points or completion.",
        }
    )
    changed = fields.Integer(metadata={"description": "Submissions that get another verdict or score."})
    unchanged = fields.Integer()
    skipped = fields.Integer(
        metadata={"description": "Left alone: another rejudge has changed them since this was asked for."}
    )
    failed = fields.Integer(metadata={"description": "Left alone: they could not be graded."})
    verdicts = fields.List(fields.Nested(RejudgeTransitionSchema))
    learners = fields.Nested(RejudgeLearnersSchema)
    points = fields.Nested(RejudgePointsSchema)


class RejudgeSchema(Schema):
    """Submissions that are graded again. `summary` is there when it is ready or applied."""

    id = fields.Integer()
    challenge_id = fields.Integer()
    target = fields.Integer(
        attribute="revision", metadata={"description": "The revision that it grades against."}
    )
    status = fields.Enum(BatchStatus, by_value=True)
    scope = fields.Raw(metadata={"type": "object", "description": "What was asked for."})
    submissions = fields.Integer(metadata={"description": "How many are in it."})
    requested_by = fields.String(allow_none=True, metadata={"description": "Null: from the shell."})
    created_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it got ready, was applied or was discarded."}
    )
    progress = fields.Nested(RejudgeProgressSchema)
    summary = fields.Nested(RejudgeSummarySchema, allow_none=True)
    failure = fields.String(allow_none=True, metadata={"description": "Why it ended as failed."})


class RejudgeChangeSchema(Schema):
    """A submission before and after. Before is when the rejudge was asked for."""

    submission_id = fields.Integer()
    username = fields.String()
    attempt = fields.Integer()
    effect = fields.Enum(Effect, by_value=True)
    revision_before = fields.Integer()
    verdict_before = fields.String()
    score_before = fields.Float(metadata={"description": "0..1"})
    verdict = fields.Enum(Verdict, by_value=True, allow_none=True)
    score = fields.Float(allow_none=True, metadata={"description": "0..1"})
    points_before = fields.Integer(
        allow_none=True,
        metadata={"description": "The learner's points for the challenge, by all submissions together."},
    )
    points_after = fields.Integer(allow_none=True)
    failure = fields.String(allow_none=True)


class RejudgeQuerySchema(Schema):
    challenge_id = fields.List(Whole(1, strict=False), load_default=[])
    status = fields.List(fields.Enum(BatchStatus, by_value=True), load_default=[])


class RejudgeChangesQuerySchema(Schema):
    all = fields.Boolean(
        load_default=False, metadata={"description": "Also the submissions for which nothing changes."}
    )
