"""Rejudges: authors have submissions graded again, look at what would change, and apply or discard it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.views import MethodView

from api.auth import author_required, current_user
from api.blueprint import Blueprint
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import CursorArgs, cursor_page
from api.rejudge_view import RejudgeView, view_of, views_of
from api.schemas.rejudges import (
    RejudgeChangeSchema,
    RejudgeChangesQuerySchema,
    RejudgeQuerySchema,
    RejudgeSchema,
    RejudgeScopeSchema,
    RejudgeTargetSchema,
)
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge
from core.services import challenges, rejudges, submissions
from core.services.rejudge_changes import changes_of, list_changes
from core.services.rejudges import Scope, Wish
from core.services.rejudging import apply_rejudge
from graders.registry import grader_for

blp = Blueprint("rejudges", __name__, description="Grading again what was graded before.")


class RejudgeListArgs(CursorArgs, RejudgeQuerySchema):
    """The query of the list of rejudges."""


class ChangesArgs(CursorArgs, RejudgeChangesQuerySchema):
    """The query of the list of changes."""


@blp.route("/submissions/<int:submission_id>/rejudge")
class SubmissionRejudge(MethodView):
    @author_required
    @idempotent
    @blp.arguments(RejudgeTargetSchema, required=False)
    @blp.response(202, RejudgeSchema)
    def post(self, body: dict[str, Any], submission_id: int) -> Any:
        """Grade a submission again; nothing changes until it is applied

        See the Location for its progress and its preview.
        """
        submission = submissions.get_submission(session(), current_user(), submission_id)
        scope = Scope(submission_id=submission.id)
        return _asked(submission.challenge, Wish(scope, body.get("target")))


@blp.route("/challenges/<int:challenge_id>/rejudge")
class ChallengeRejudge(MethodView):
    @author_required
    @idempotent
    @blp.arguments(RejudgeScopeSchema, required=False)
    @blp.response(202, RejudgeSchema)
    def post(self, body: dict[str, Any], challenge_id: int) -> Any:
        """Grade a challenge's submissions again; nothing changes until it is applied

        All that are graded, or those of a learner, of a revision, with a verdict, since a time. What we failed to grade
        is not among them. See the Location for its progress and its preview.
        """
        challenge = challenges.get_challenge(session(), current_user(), challenge_id)
        target = body.pop("target", None)
        return _asked(challenge, Wish(Scope(**body), target))


@blp.route("/rejudges/")
class Rejudges(MethodView):
    @author_required
    @blp.arguments(RejudgeListArgs, location="query")
    @blp.response(200, RejudgeSchema(many=True))
    def get(self, args: dict[str, Any]) -> Any:
        """List rejudges, the newest first

        A preview is shown as it was when it got ready; read a rejudge alone for what it is now.
        """
        query = rejudges.list_rejudges(args["challenge_id"], args["status"])
        rows, headers = cursor_page(query, Batch.id, args)
        return views_of([row[0] for row in rows]), headers


@blp.route("/rejudges/<int:rejudge_id>")
class RejudgeById(MethodView):
    @author_required
    @blp.response(200, RejudgeSchema)
    def get(self, rejudge_id: int) -> RejudgeView:
        """Read how far a rejudge is, and what it would change if it were applied now"""
        return view_of(rejudges.get_rejudge(session(), rejudge_id))

    @author_required
    @blp.response(204)
    def delete(self, rejudge_id: int) -> None:
        """Discard a rejudge, also while it runs; nothing was changed"""
        rejudges.discard_rejudge(session(), rejudge_id)
        commit()


@blp.route("/rejudges/<int:rejudge_id>/changes")
class RejudgeChanges(MethodView):
    @author_required
    @blp.arguments(ChangesArgs, location="query")
    @blp.response(200, RejudgeChangeSchema(many=True))
    def get(self, args: dict[str, Any], rejudge_id: int) -> Any:
        """List what it changes, submission by submission

        Those whose verdict, score or pay changes, and those that could not be graded; with `all` the others too.
        """
        batch = rejudges.get_rejudge(session(), rejudge_id)
        query = list_changes(session(), batch, args["all"])
        rows, headers = cursor_page(query, Grading.id, args, descending=False)
        return changes_of(session(), batch, rows), headers


@blp.route("/rejudges/<int:rejudge_id>/apply")
class RejudgeApply(MethodView):
    @author_required
    @blp.response(200, RejudgeSchema)
    def post(self, rejudge_id: int) -> RejudgeView:
        """Apply a rejudge that is ready, in one act

        Submissions that another rejudge has changed meanwhile are left alone. 409 unless it is ready; so of two who
        apply it, the second gets that.
        """
        batch = apply_rejudge(session(), rejudge_id)
        commit()
        return view_of(batch)


def _asked(challenge: Challenge, wish: Wish) -> Any:
    grader = grader_for(challenge.kind)
    batch = rejudges.start_rejudge(session(), challenge, grader, wish, current_user())
    return view_of(batch), 202, {"Location": url_for("rejudges.RejudgeById", rejudge_id=batch.id)}
