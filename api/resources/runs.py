"""Trying an answer before handing it in."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.views import MethodView

from api.auth import current_user, learner_required
from api.blueprint import Blueprint
from api.extensions import session
from api.idempotency import idempotent
from api.schemas.runs import RunCreateSchema, RunSchema
from api.waiting import waits_for_verdict
from core.models.run import Run
from core.services import challenges, runs
from core.services.runs import NewRun
from graders.registry import grader_for

blp = Blueprint("runs", __name__, description="Trial runs: they count nothing and are kept for a day.")


@blp.route("/challenges/<int:challenge_id>/runs")
class ChallengeRuns(MethodView):
    @waits_for_verdict(Run, RunSchema())
    @learner_required
    @idempotent
    @blp.arguments(RunCreateSchema)
    @blp.response(202, RunSchema)
    @blp.alt_response(201, schema=RunSchema, description="It ended within the time of `Prefer: wait`.")
    def post(self, body: dict[str, Any], challenge_id: int) -> Any:
        """Try an answer on the sample tests, or on an input of your own

        Costs no attempt and earns nothing. With `Prefer: wait=N` (N up to 30 seconds) 201 with the outcome if it is
        ready in time; else a live event `run.finished` tells when to read it at the Location.
        """
        user = current_user()
        challenge = challenges.get_challenge(session(), user, challenge_id)
        run = runs.create_run(session(), user, challenge, grader_for(challenge.kind), NewRun(**body))
        return run, 202, {"Location": url_for("runs.RunById", run_id=run.id)}


@blp.route("/runs/<int:run_id>")
class RunById(MethodView):
    @learner_required
    @blp.response(200, RunSchema)
    def get(self, run_id: int) -> Run:
        """Read a trial run of yours"""
        return runs.get_run(session(), current_user(), run_id)
