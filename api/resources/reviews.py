"""The review queue: which submissions wait for a person, who has claimed which, and the person's verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from api.auth import author_required, current_user
from api.blueprint import Blueprint
from api.extensions import commit, session
from api.paging import CursorArgs, cursor_page
from api.review_view import ReviewView
from api.schemas.reviews import (
    ClaimedReviewSchema,
    ReviewListSchema,
    ReviewQuerySchema,
    ReviewRowSchema,
    ReviewSchema,
)
from api.schemas.submissions import SubmissionDetailSchema
from core.grading import GradeReport
from core.models.challenge import Revision
from core.models.submission import Submission
from core.services import grading, reviews, submissions
from core.services.audit import Act, record_act
from core.services.reviews import ReviewFilter
from core.services.revisions import get_revision
from graders.registry import grader_for
from graders.rubric import Points, by_rubric, by_score

blp = Blueprint("reviews", __name__, description="Answers that a person must grade.")


class ReviewListArgs(CursorArgs, ReviewListSchema):
    """The query of the review queue."""


@blp.route("/reviews/")
class ReviewList(MethodView):
    @author_required
    @blp.arguments(ReviewListArgs, location="query")
    @blp.response(200, ReviewRowSchema(many=True))
    def get(self, args: dict[str, Any]) -> Any:
        """List the submissions that await review, the oldest first"""
        wanted = ReviewFilter(args["challenge_id"], tuple(args["category"]), args["claimed"])
        query = reviews.list_reviews(current_user(), wanted)
        rows, headers = cursor_page(query, Submission.id, args, descending=False)
        return [ReviewView(row, holder) for row, holder in rows], headers


@blp.route("/reviews/next")
class NextReview(MethodView):
    @author_required
    @blp.arguments(ReviewQuerySchema, location="query")
    @blp.response(200, ClaimedReviewSchema)
    @blp.alt_response(204, description="Nothing waits that nobody has claimed.")
    def post(self, args: dict[str, Any]) -> Any:
        """Claim the submission that has waited longest

        Two reviewers who ask at once get two different ones. You keep what you had claimed before.
        """
        wanted = ReviewFilter(args["challenge_id"], tuple(args["category"]))
        submission = reviews.claim_next(session(), current_user(), wanted)
        commit()
        return _mine(submission) if submission else (None, 204)


@blp.route("/submissions/<int:submission_id>/review/claim")
class ReviewClaim(MethodView):
    @author_required
    @blp.response(200, ClaimedReviewSchema)
    def post(self, submission_id: int) -> ReviewView:
        """Claim a submission that awaits review, or renew your claim

        A claim lasts 30 minutes. While somebody else's lasts: 409 `review_claimed`, which says whose.
        """
        submission = reviews.claim_review(session(), current_user(), submission_id)
        commit()
        return _mine(submission)

    @author_required
    @blp.response(204)
    def delete(self, submission_id: int) -> None:
        """Give your claim back; without one nothing happens"""
        reviews.release_review(session(), current_user(), submission_id)
        commit()


@blp.route("/submissions/<int:submission_id>/review")
class SubmissionReview(MethodView):
    @author_required
    @blp.arguments(ReviewSchema)
    @blp.response(200, SubmissionDetailSchema)
    def post(self, body: dict[str, Any], submission_id: int) -> Submission:
        """Grade a submission that awaits review, by its rubric or by one score

        It need not be claimed, but somebody else's claim is respected: 409. Of two reviewers at once, the second
        gets 409.
        """
        report = _report(submissions.get_submission(session(), current_user(), submission_id), body)
        submission = grading.decide_review(session(), submission_id, current_user(), report)
        record_act(session(), Act("submission.reviewed", "submission", submission_id, _details(report, body)))
        commit()
        return submission


def _mine(submission: Submission) -> ReviewView:
    return ReviewView(submission, current_user(), _revision(submission).spec)


def _revision(submission: Submission) -> Revision:
    return get_revision(session(), submission.challenge_id, submission.revision)


def _report(submission: Submission, body: Mapping[str, Any]) -> GradeReport:
    """Raises ValidationFailed for points that the rubric does not have."""
    if "score" in body:
        return by_score(body["score"], body["feedback"])
    revision = _revision(submission)
    given = {name: Points(**points) for name, points in body["criteria"].items()}
    return by_rubric(grader_for(revision.kind).rubric(revision.spec), given, body["feedback"])


def _details(report: GradeReport, body: Mapping[str, Any]) -> dict[str, Any]:
    """The score and the points for the log; what was said is between reviewer and learner."""
    given = {name: points["points"] for name, points in body.get("criteria", {}).items()}
    return {"score": report.score, **({"criteria": given} if given else {})}
