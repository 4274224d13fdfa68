"""Handing answers in, and reading or cancelling what was handed in."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.views import MethodView

from api.auth import author_required, current_user, learner_required
from api.blueprint import Blueprint
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import CursorArgs, cursor_page
from api.schemas.submissions import (
    ReviewSchema,
    SubmissionCreateSchema,
    SubmissionDetailSchema,
    SubmissionQuerySchema,
    SubmissionSchema,
)
from api.waiting import waits_for_verdict
from core.models.submission import Submission
from core.services import challenges, grading, submissions
from core.services.audit import Act, record_act
from core.services.submissions import NewSubmission
from graders.registry import grader_for
from graders.scoring import reviewed

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

        The attempt is given back only when grading had not begun.
        """
        _audit(
            "submission.cancelled", submissions.cancel_submission(session(), current_user(), submission_id)
        )
        commit()


@blp.route("/submissions/<int:submission_id>/review")
class SubmissionReview(MethodView):
    @author_required
    @blp.arguments(ReviewSchema)
    @blp.response(200, SubmissionDetailSchema)
    def post(self, body: dict[str, Any], submission_id: int) -> Submission:
        """Grade a submission that awaits review

        `GET /submissions/?status=awaiting_review` lists them. Of two reviewers at once, the second gets 409.
        """
        submissions.get_submission(session(), current_user(), submission_id)
        report = reviewed(body["score"], body["feedback"])
        submission = grading.decide_review(session(), submission_id, current_user(), report)
        act = Act("submission.reviewed", "submission", submission_id, {"score": body["score"]})
        record_act(session(), act)
        commit()
        return submission


def _audit(act: str, submission: Submission) -> None:
    """Write down what an author does with somebody else's answer; one's own is nobody's business."""
    if submission.user_id != current_user().id:
        record_act(session(), Act(act, "submission", submission.id, {"learner_id": submission.user_id}))


def _filters(args: dict[str, Any]) -> dict[str, Any]:
    return {name: args[name] for name in ("challenge_id", "status", "verdict", "username") if name in args}
