"""Publishing behind the gate, verifying tests, and the checks that both begin."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.views import MethodView

from api import authoring
from api.auth import author_required, current_user
from api.blueprint import Blueprint
from api.check_view import CheckView
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import CursorArgs, cursor_page
from api.schemas.checks import CheckRowSchema, CheckSchema, VerifySchema
from core.models.batch import Batch
from core.models.challenge import Challenge
from core.services import challenges
from core.services.batches import get_batch, list_batches
from core.services.publication import CHECKS, cancel_check

blp = Blueprint("checks", __name__, description="Challenges against their own solutions; for authors.")


@blp.route("/challenges/<int:challenge_id>/publish")
class ChallengePublish(MethodView):
    @author_required
    @idempotent
    @blp.response(202, CheckSchema)
    def post(self, challenge_id: int) -> Any:
        """Publish a challenge once its solutions got what they promise

        Programs are graded by workers, and the challenge is published when the check at the Location has passed; a live
        event `check.finished` tells. Questions, and challenges without solutions, are published at once.
        """
        return _begun(authoring.publish(session(), _challenge(challenge_id), current_user()))


@blp.route("/challenges/<int:challenge_id>/verify")
class ChallengeVerify(MethodView):
    @author_required
    @idempotent
    @blp.arguments(VerifySchema)
    @blp.response(202, CheckSchema)
    def post(self, body: dict[str, Any], challenge_id: int) -> Any:
        """Check a challenge's solutions, and how many mistakes its tests notice

        When all solutions pass, programs with one small mistake are made of the first accepted Python solution; the
        report says which of them the tests accept. It publishes nothing and changes nothing.
        """
        return _begun(authoring.verify(session(), _challenge(challenge_id), current_user(), body["mutants"]))


@blp.route("/challenges/<int:challenge_id>/checks")
class ChallengeChecks(MethodView):
    @author_required
    @blp.arguments(CursorArgs, location="query")
    @blp.response(200, CheckRowSchema(many=True))
    def get(self, args: dict[str, Any], challenge_id: int) -> Any:
        """List a challenge's checks, the newest first"""
        query = list_batches(_challenge(challenge_id).id, CHECKS)
        rows, headers = cursor_page(query, Batch.id, args)
        return [row[0] for row in rows], headers


@blp.route("/checks/<int:check_id>")
class CheckById(MethodView):
    @author_required
    @blp.response(200, CheckSchema)
    def get(self, check_id: int) -> CheckView:
        """Read a check: how far it is, and what it found"""
        return CheckView(session(), get_batch(session(), check_id, CHECKS))

    @author_required
    @blp.response(204)
    def delete(self, check_id: int) -> None:
        """Cancel a running check; what it would have published is not"""
        cancel_check(session(), get_batch(session(), check_id, CHECKS))
        commit()


def _challenge(challenge_id: int) -> Challenge:
    return challenges.get_challenge(session(), current_user(), challenge_id)


def _begun(batch: Batch) -> Any:
    location = url_for("checks.CheckById", check_id=batch.id)
    return CheckView(session(), batch), 202, {"Location": location}
