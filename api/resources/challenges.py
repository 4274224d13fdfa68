"""Challenges: learners read what is published, authors write."""

from __future__ import annotations

from typing import Any

from flask import json, request, url_for
from flask.views import MethodView

from api.auth import author_required, current_user, learner_required
from api.blueprint import Blueprint
from api.bodies import large_body
from api.challenge_view import ChallengeView
from api.etags import check_if_match, etag_of, etagged
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import page_of
from api.schemas.challenges import ChallengeQuery, ChallengeRowSchema, ChallengeSchema, ChallengeWriteSchema
from core.errors import ValidationFailed
from core.models.challenge import Challenge
from core.services import challenges
from core.services.carry_over import finished_parts
from core.services.challenges import ChallengeFilter
from graders.registry import grader_for

MAX_SPEC = 10 * 2**20  # bytes of JSON

blp = Blueprint("challenges", __name__, description="What learners answer.")


@blp.route("/challenges/")
class Challenges(MethodView):
    @learner_required
    @blp.arguments(ChallengeQuery, location="query")
    @blp.response(200, ChallengeRowSchema(many=True))
    def get(self, query: dict[str, Any]) -> Any:
        """List and search challenges, with your progress in each."""
        user = current_user()
        rows, headers = page_of(challenges.list_challenges(user, _filter(query)), query)
        return [ChallengeView(user, challenge, progress) for challenge, progress in rows], headers

    @author_required
    @large_body
    @idempotent
    @blp.arguments(ChallengeWriteSchema)
    @blp.response(201, ChallengeSchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Make a challenge; its spec is checked by its kind."""
        check_spec(body["kind"], body["spec"])
        challenge = challenges.create_challenge(session(), current_user(), body)
        view = _view(challenge)
        location = url_for("challenges.ChallengeById", challenge_id=challenge.id)
        return view, {"Location": location, "ETag": etag_of(view)}


@blp.route("/challenges/<int:challenge_id>")
class ChallengeById(MethodView):
    @learner_required
    @blp.response(200, ChallengeSchema)
    @etagged
    def get(self, challenge_id: int) -> ChallengeView:
        """Read a challenge; learners get what they need to answer it."""
        return _view(challenges.get_challenge(session(), current_user(), challenge_id))

    @author_required
    @large_body
    @blp.arguments(ChallengeWriteSchema)
    @blp.response(200, ChallengeSchema)
    @etagged
    def put(self, body: dict[str, Any], challenge_id: int) -> ChallengeView:
        """Replace a challenge."""
        return _changed(challenge_id, body)

    @author_required
    @large_body
    @blp.arguments(ChallengeWriteSchema(partial=True))
    @blp.response(200, ChallengeSchema)
    @etagged
    def patch(self, body: dict[str, Any], challenge_id: int) -> ChallengeView:
        """Change some fields of a challenge."""
        return _changed(challenge_id, body)

    @author_required
    @blp.response(204)
    @etagged
    def delete(self, challenge_id: int) -> None:
        """Delete a challenge; one that learners have worked on is archived instead."""
        challenge = challenges.get_challenge(session(), current_user(), challenge_id)
        check_if_match(challenge)
        challenges.delete_challenge(session(), challenge)
        commit()


def check_spec(kind: str, spec: dict[str, Any]) -> None:
    """Raises ValidationFailed unless there is such a kind, and `spec` is one of its, not too large."""
    if (request.content_length or 0) > MAX_SPEC and len(json.dumps(spec).encode()) > MAX_SPEC:
        raise ValidationFailed({"spec": ["Must have at most 10 MB as JSON."]})
    grader_for(kind).check_spec(spec)


def _filter(query: dict[str, Any]) -> ChallengeFilter:
    return ChallengeFilter(
        categories=tuple(query["category"]),
        difficulties=tuple(query["difficulty"]),
        kinds=tuple(query["kind"]),
        tags=tuple(query["tag"]),
        statuses=tuple(query["status"]),
        states=tuple(query["state"]),
        q=query.get("q"),
        sort=query["sort"],
    )


def _changed(challenge_id: int, changes: dict[str, Any]) -> ChallengeView:
    challenge = challenges.get_challenge(session(), current_user(), challenge_id)
    check_if_match(challenge)
    if "kind" in changes or "spec" in changes:
        check_spec(changes.get("kind", challenge.kind), changes.get("spec", challenge.spec))
    challenges.update_challenge(session(), challenge, changes)
    commit()
    return _view(challenge)


def _view(challenge: Challenge) -> ChallengeView:
    user = current_user()
    finished = finished_parts(session(), user.id, challenge, grader_for(challenge.kind))
    return ChallengeView(user, challenge, challenges.progress_in(session(), user, challenge), finished)
