"""The durable log of live events, and their description."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask.views import MethodView
from sqlalchemy import select

from api.auth import current_user, learner_required
from api.blueprint import Blueprint
from api.live.asyncapi import asyncapi
from api.paging import CursorArgs, cursor_page
from api.schemas.base import Whole
from api.schemas.progress import EventSchema
from core.models.event import Event

blp = Blueprint("events", __name__, description="What happened to you, in order.")


class EventArgs(CursorArgs):
    """The query of the event log."""

    after = Whole(
        0, 2**63 - 1, strict=False, load_default=0, metadata={"description": "Events with a higher id only."}
    )


@blp.route("/events")
class Events(MethodView):
    @learner_required
    @blp.arguments(EventArgs, location="query")
    @blp.response(200, EventSchema(many=True))
    def get(self, args: dict[str, Any]) -> Any:
        """List your events, the oldest first

        What Socket.IO replays to a client that connects with `last_event_id`.
        """
        query = select(Event).where(Event.user_id == current_user().id, Event.id > args["after"])
        rows, headers = cursor_page(query, Event.id, args, descending=False)
        return [row[0] for row in rows], headers


@blp.route("/asyncapi.json")
class AsyncApi(MethodView):
    @blp.response(200)
    def get(self) -> dict[str, Any]:
        """The AsyncAPI description of the live events"""
        return asyncapi(current_app.config["API_VERSION"])
