"""What the platform offers now: languages of the live workers, and kinds of challenges."""

from __future__ import annotations

from collections import Counter
from typing import Any

from api.blueprint import Blueprint
from api.congestion import congestion
from api.extensions import session
from api.schemas.catalogue import GraderSchema, LanguageSchema, QueueSchema
from core.services.workers import live_workers
from graders.base import Grader
from graders.registry import GRADERS

blp = Blueprint("catalogue", __name__, description="Languages and kinds of challenges.")


@blp.route("/languages")
@blp.response(200, LanguageSchema(many=True))
def languages() -> list[dict[str, Any]]:
    """The languages that live workers offer, with their versions."""
    offered = Counter(item for worker in live_workers(session()) for item in worker.languages.items())
    return [
        {"name": name, "version": version, "workers": offered[name, version]}
        for name, version in sorted(offered)
    ]


@blp.route("/queues")
@blp.response(200, QueueSchema(many=True))
def queues() -> list[dict[str, Any]]:
    """How much waits to be graded, and how long a new submission would wait."""
    return congestion()


@blp.route("/graders")
@blp.response(200, GraderSchema(many=True))
def graders() -> list[Grader]:
    """The kinds of challenges, with the schemas of their specs and answers."""
    return [GRADERS[kind] for kind in sorted(GRADERS)]
