"""What the answers to one revision say, for authors. How to read each figure: docs/statistics.md."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from api.schemas.base import Schema, Whole
from core.disclosure import Reason

SHARE = "0..1."


def _told(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


class StatisticsQuery(Schema):
    """Which revision."""

    revision = Whole(1, strict=False, **_told("Its number; the live one unless given."))


class FigureSchema(Schema):
    """A number, or the reason why it is not told."""

    value = fields.Float(required=True, allow_none=True)
    learners = fields.Integer(required=True, allow_none=True, **_told("On how many it rests."))
    low = fields.Float(required=True, allow_none=True, **_told("Its lower bound, where it has one."))
    high = fields.Float(required=True, allow_none=True, **_told("Its upper bound, where it has one."))
    reason = fields.Enum(Reason, by_value=True, required=True, allow_none=True)


class OthersSchema(Schema):
    """What is not told apart, because too few learners did it or the list would be too long."""

    values = fields.Integer(required=True, **_told("How many different ones."))
    count = fields.Integer(required=True)


class CellSchema(Schema):
    value = fields.String(required=True)
    count = fields.Integer(required=True)


class DistributionSchema(Schema):
    """How often each value comes. Empty when there are fewer than 5 learners."""

    cells = fields.List(fields.Nested(CellSchema), required=True)
    others = fields.Nested(OthersSchema, required=True, allow_none=True)


class ValueSchema(Schema):
    """A value that learners gave."""

    value = fields.String(required=True, **_told("An option's id, a text as it is compared, a number ..."))
    learners = fields.Integer(required=True)
    share = fields.Float(required=True, **_told("Of those who answered, 0..1."))
    score = fields.Float(required=True, allow_none=True, **_told("Their mean score, 0..1."))
    rest_score = fields.Float(
        required=True,
        allow_none=True,
        **_told("How much better (-1..1) than others they did in the category's other challenges."),
    )


class PartSchema(Schema):
    """One part of the answer, and what first answers say there."""

    part = fields.String(required=True, metadata={"examples": ["selected"]})
    learners = fields.Integer(required=True)
    values = fields.List(fields.Nested(ValueSchema), required=True)
    others = fields.Nested(OthersSchema, required=True, allow_none=True)


class FailingTestSchema(Schema):
    """A test that 5 learners or more failed."""

    group = fields.String(required=True)
    name = fields.String(required=True)
    ran = fields.Integer(required=True, **_told("Examined answers that ran it."))
    failed = fields.Integer(required=True)
    share = fields.Float(required=True, **_told("failed / ran, 0..1."))


class TestsSchema(Schema):
    """Which tests the newest 1000 answers fail, the worst first."""

    failing = fields.List(fields.Nested(FailingTestSchema), required=True)
    first = fields.Nested(DistributionSchema, required=True, **_told("Which test (group/name) failed first."))


class TotalsSchema(Schema):
    """What all answers add up to."""

    complete = fields.Boolean(
        required=True, **_told("false: only the challenge's newest 100,000 submissions were looked at.")
    )
    learners = fields.Integer(required=True, allow_none=True, **_told("Who answered; null below 5."))
    answers = fields.Integer(required=True, allow_none=True, **_told("Graded ones."))
    reason = fields.Enum(Reason, by_value=True, required=True, allow_none=True)
    attempts_mean = fields.Nested(FigureSchema, required=True, **_told("Per learner."))
    attempts_median = fields.Nested(FigureSchema, required=True, **_told("Per learner."))
    solved = fields.Nested(
        FigureSchema, required=True, **_told("Share of learners, with Wilson's interval of 95 %.")
    )
    facility = fields.Nested(FigureSchema, required=True, **_told("Mean score of first answers, 0..1."))
    solving_seconds = fields.Nested(
        FigureSchema,
        required=True,
        **_told("From opening the challenge to handing in what was accepted: median, with both quartiles."),
    )


class ConcernSchema(Schema):
    """Something to look at."""

    code = fields.String(required=True, metadata={"examples": ["negative_discrimination"]})
    message = fields.String(required=True)


class StatisticsSchema(Schema):
    """Statistics of one revision."""

    challenge_id = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    concerns = fields.List(
        fields.Nested(ConcernSchema),
        required=True,
        **_told("What the figures below ask the author to look at."),
    )
    totals = fields.Nested(TotalsSchema, required=True)
    discrimination = fields.Nested(
        FigureSchema,
        required=True,
        **_told("Item-rest correlation of first answers, with Fisher's interval of 95 %."),
    )
    upper_lower = fields.Nested(
        FigureSchema, required=True, **_told("Mean score of the best 27 % less that of the worst.")
    )
    sampled = fields.Integer(
        required=True, allow_none=True, **_told("Learners behind discrimination and answers; null below 5.")
    )
    verdicts = fields.Nested(DistributionSchema, required=True, **_told("Of all answers."))
    scores = fields.Nested(
        DistributionSchema, required=True, **_told("Of first answers, rounded down to tenths.")
    )
    languages = fields.Nested(DistributionSchema, required=True, **_told("Of all answers that are programs."))
    answers = fields.List(
        fields.Nested(PartSchema), required=True, **_told("Part by part, what first answers say.")
    )
    tests = fields.Nested(TestsSchema, required=True, allow_none=True)
