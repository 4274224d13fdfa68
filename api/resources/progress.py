"""A learner's own progress, and everybody's place."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from api.auth import current_user, learner_required, login_optional
from api.blueprint import Blueprint
from api.extensions import commit, session
from api.openapi import may_answer
from api.paging import LongCounts, PageArgs, page_of
from api.schemas.progress import (
    LeaderboardQuerySchema,
    ProgressQuerySchema,
    ProgressSchema,
    ProgressStartSchema,
    StandingSchema,
)
from core.errors import ValidationFailed
from core.services import challenges, leaderboard, progress, submissions

blp = Blueprint("progress", __name__, description="What learners have reached.")

LENGTHS = LongCounts()


class ProgressListArgs(PageArgs, ProgressQuerySchema):
    """The query of the progress list."""


class LeaderboardArgs(PageArgs, LeaderboardQuerySchema):
    """The query of the leaderboard."""


@blp.route("/progress/")
class Progress(MethodView):
    @learner_required
    @blp.arguments(ProgressListArgs, location="query")
    @blp.response(200, ProgressSchema(many=True))
    def get(self, args: dict[str, Any]) -> Any:
        """List your progress, the latest change first"""
        query = progress.list_progress(current_user().id, args["challenge_id"], args["status"])
        rows, headers = page_of(query, args)
        return [row[0] for row in rows], headers

    @may_answer(404)
    @learner_required
    @blp.arguments(ProgressStartSchema)
    @blp.response(201, ProgressSchema)
    @blp.alt_response(200, schema=ProgressSchema, description="It was started before; nothing changed.")
    def post(self, body: dict[str, Any]) -> Any:
        """Start a challenge

        Creates your progress row, or returns the one there is: starting again takes nothing back. `submitted` and
        `completed` come from grading alone.
        """
        user = current_user()
        challenge = challenges.get_challenge(session(), user, body["challenge_id"])
        submissions.ensure_answerable(user, challenge)
        row, new = progress.start_challenge(session(), user.id, challenge.id)
        commit()
        return row, 201 if new else 200


@blp.route("/leaderboard")
class Leaderboard(MethodView):
    @login_optional
    @blp.arguments(LeaderboardArgs, location="query")
    @blp.response(200, StandingSchema(many=True))
    def get(self, args: dict[str, Any]) -> Any:
        """The learners with the most points; ties go to who got there first"""
        category = args.get("category")
        if args["scope"] == "category" and category is None:
            raise ValidationFailed({"category": ["Name the category whose leaderboard you want."]})
        which = {"window": args["window"], "category_id": category}
        length = leaderboard.count_standings(**which)
        total = LENGTHS.count((args["window"], category), lambda: session().scalar(length) or 0)
        rows, headers = page_of(leaderboard.standings(**which), args, total)
        return [row._asdict() for row in rows], headers
