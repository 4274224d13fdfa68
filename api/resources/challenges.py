"""Challenges: learners read what is published, authors write."""

from __future__ import annotations

from typing import Any

from flask import json, request, url_for
from flask.views import MethodView

from api import authoring
from api.auth import author_required, current_user, learner_required
from api.blueprint import Blueprint
from api.bodies import large_body
from api.challenge_view import ChallengeView, view_of, views_of
from api.etags import check_if_match, etag_of, etagged
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import page_of
from api.schemas.challenges import ChallengeQuery, ChallengeRowSchema, ChallengeSchema, ChallengeWriteSchema
from api.schemas.life import LangArgs
from core.errors import ValidationFailed
from core.services import challenges
from core.services.challenges import ChallengeFilter

MAX_SPEC = 10 * 2**20  # bytes of JSON

blp = Blueprint("challenges", __name__, description="What learners answer.")


@blp.route("/challenges/")
class Challenges(MethodView):
    @learner_required
    @blp.arguments(ChallengeQuery, location="query")
    @blp.response(200, ChallengeRowSchema(many=True))
    def get(self, query: dict[str, Any]) -> Any:
        """List and search challenges, with your progress in each."""
        rows, headers = page_of(challenges.list_challenges(current_user(), _filter(query)), query)
        return views_of(rows, query.get("lang")), headers

    @author_required
    @large_body
    @idempotent
    @blp.arguments(ChallengeWriteSchema)
    @blp.response(201, ChallengeSchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Make a challenge; its kind checks its spec

        To publish it at once say `state: published`. Where its solutions must be run first, the answer says `draft` and
        names the `check` that will publish it.
        """
        check_size(body["spec"])
        challenge = authoring.create(session(), current_user(), body)
        view = view_of(challenge)
        location = url_for("challenges.ChallengeById", challenge_id=challenge.id)
        return view, {"Location": location, "ETag": etag_of(view)}


@blp.route("/challenges/<int:challenge_id>")
class ChallengeById(MethodView):
    @learner_required
    @blp.arguments(LangArgs, location="query")
    @blp.response(200, ChallengeSchema)
    @etagged
    def get(self, query: dict[str, Any], challenge_id: int) -> ChallengeView:
        """Read a challenge; learners get what they need to answer it."""
        challenge = challenges.get_challenge(session(), current_user(), challenge_id)
        return view_of(challenge, query.get("lang"))

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


def check_size(spec: dict[str, Any]) -> None:
    """Raises ValidationFailed when `spec` is too large."""
    if (request.content_length or 0) > MAX_SPEC and len(json.dumps(spec).encode()) > MAX_SPEC:
        raise ValidationFailed({"spec": ["Must have at most 10 MB as JSON."]})


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
    check_size(changes.get("spec", {}))
    authoring.change(session(), challenge, changes, current_user())
    commit()
    return view_of(challenge)
