"""The revisions of challenges: reading, comparing and restoring them."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from api import authoring
from api.auth import author_required, current_user
from api.blueprint import Blueprint
from api.challenge_view import ChallengeView, view_of
from api.etags import check_if_match, etagged
from api.extensions import session
from api.idempotency import idempotent
from api.openapi import may_answer
from api.paging import PageArgs, page_of
from api.revision_view import RevisionView
from api.schemas.challenges import ChallengeSchema
from api.schemas.revisions import RevisionQuery, RevisionRowSchema, RevisionSchema
from core.models.challenge import Challenge
from core.services import challenges
from core.services.revisions import get_revision, list_revisions

blp = Blueprint("revisions", __name__, description="What a challenge said before; for authors.")


@blp.route("/challenges/<int:challenge_id>/revisions")
class Revisions(MethodView):
    @author_required
    @blp.arguments(PageArgs, location="query")
    @blp.response(200, RevisionRowSchema(many=True))
    def get(self, args: dict[str, Any], challenge_id: int) -> Any:
        """List a challenge's revisions, the latest first"""
        challenge = _challenge(challenge_id)
        rows, headers = page_of(list_revisions(challenge.id), args)
        return [RevisionView(row[0], challenge) for row in rows], headers


@blp.route("/challenges/<int:challenge_id>/revisions/<int:number>")
class RevisionByNumber(MethodView):
    @author_required
    @blp.arguments(RevisionQuery, location="query")
    @blp.response(200, RevisionSchema)
    def get(self, query: dict[str, Any], challenge_id: int, number: int) -> RevisionView:
        """Read a revision; with `against` also what differs from another one"""
        challenge = _challenge(challenge_id)
        revision = get_revision(session(), challenge.id, number)
        other = get_revision(session(), challenge.id, query["against"]) if "against" in query else None
        return RevisionView(revision, challenge, other)


@blp.route("/challenges/<int:challenge_id>/revisions/<int:number>/restore")
class RevisionRestore(MethodView):
    @may_answer(412)
    @author_required
    @idempotent
    @blp.response(200, ChallengeSchema)
    @etagged
    def post(self, challenge_id: int, number: int) -> ChallengeView:
        """Write a new revision that says what this one said

        It is a change like any other: of a published challenge with solutions it goes live when its check has passed.
        """
        challenge = _challenge(challenge_id)
        check_if_match(challenge)
        authoring.restore(session(), challenge, number, current_user())
        return view_of(challenge)


def _challenge(challenge_id: int) -> Challenge:
    return challenges.get_challenge(session(), current_user(), challenge_id)
