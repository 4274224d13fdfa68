"""Handing answers in, and reading or cancelling what was handed in."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.views import MethodView

from api.auth import current_user, learner_required
from api.blueprint import Blueprint
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import CursorArgs, cursor_page
from api.schemas.submissions import (
    SubmissionCreateSchema,
    SubmissionDetailSchema,
    SubmissionQuerySchema,
    SubmissionSchema,
)
from api.waiting import waits_for_verdict
from core.models.submission import Submission
from core.services import challenges, submissions
from core.services.audit import Act, record_act
from core.services.submissions import NewSubmission
from graders.registry import grader_for

blp = Blueprint("submissions", __name__, description="Answers to challenges, and their verdicts.")


class SubmissionListArgs(CursorArgs, SubmissionQuerySchema):
    """The query of the submissions list."""


@blp.route("/challenges/<int:challenge_id>/submissions")
class ChallengeSubmissions(MethodView):
    @waits_for_verdict(Submission, SubmissionDetailSchema())
    @learner_required
    @idempotent
    @blp.arguments(SubmissionCreateSchema)
    @blp.response(202, SubmissionDetailSchema)
    @blp.alt_response(
        201, schema=SubmissionDetailSchema, description="The verdict came within the time of `Prefer: wait`."
    )
    def post(self, body: dict[str, Any], challenge_id: int) -> Any:
        """Hand in an answer

        202 with the queued submission; its verdict comes as a live event, and at the Location. With `Prefer: wait=N`
        (N up to 30 seconds) 201 with the verdict if it is ready in time.
        """
        user = current_user()
        challenge = challenges.get_challenge(session(), user, challenge_id)
        new = NewSubmission(answer=body["answer"])
        submission = submissions.create_submission(
            session(), user, challenge, grader_for(challenge.kind), new
        )
        return (
            submission,
            202,
            {"Location": url_for("submissions.SubmissionById", submission_id=submission.id)},
        )


@blp.route("/submissions/")
class SubmissionList(MethodView):
    @learner_required
    @blp.arguments(SubmissionListArgs, location="query")
    @blp.response(200, SubmissionSchema(many=True))
    def get(self, args: dict[str, Any]) -> Any:
        """List submissions, the newest first

        Learners see their own; authors see everybody's.
        """
        query = submissions.list_submissions(current_user(), submissions.SubmissionFilter(**_filters(args)))
        rows, headers = cursor_page(query, Submission.id, args)
        return [row[0] for row in rows], headers


@blp.route("/submissions/<int:submission_id>")
class SubmissionById(MethodView):
    @learner_required
    @blp.response(200, SubmissionDetailSchema)
    def get(self, submission_id: int) -> Submission:
        """Read a submission and its results"""
        submission = submissions.get_submission(session(), current_user(), submission_id)
        _audit("submission.read", submission)
        commit()
        return submission

    @learner_required
    @blp.response(204)
    def delete(self, submission_id: int) -> None:
        """Cancel a submission, also while it is graded

        The attempt is given back when grading had not begun, and while it awaits review. One that a reviewer has
        claimed cannot be cancelled any more.
        """
        _audit(
            "submission.cancelled", submissions.cancel_submission(session(), current_user(), submission_id)
        )
        commit()


def _audit(act: str, submission: Submission) -> None:
    """Write down what an author does with somebody else's answer; one's own is nobody's business."""
    if submission.user_id != current_user().id:
        record_act(session(), Act(act, "submission", submission.id, {"learner_id": submission.user_id}))


def _filters(args: dict[str, Any]) -> dict[str, Any]:
    return {name: args[name] for name in ("challenge_id", "status", "verdict", "username") if name in args}
