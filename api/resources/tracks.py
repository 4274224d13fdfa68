"""Tracks: learners follow what is published, authors write."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.views import MethodView

from api.auth import author_required, current_user, learner_required
from api.blueprint import Blueprint
from api.etags import check_if_match, etag_of, etagged
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import page_of
from api.schemas.life import LangArgs
from api.schemas.tracks import TrackQuery, TrackRowSchema, TrackSchema, TrackWriteSchema
from api.track_view import TrackView, track_view, track_views
from core.services import tracks

blp = Blueprint("tracks", __name__, description="Challenges in the order in which they are learnt from.")


@blp.route("/tracks/")
class Tracks(MethodView):
    @learner_required
    @blp.arguments(TrackQuery, location="query")
    @blp.response(200, TrackRowSchema(many=True))
    def get(self, query: dict[str, Any]) -> Any:
        """List tracks, with your progress in each."""
        rows, headers = page_of(tracks.list_tracks(current_user(), query["sort"]), query)
        return track_views([row[0] for row in rows]), headers

    @author_required
    @idempotent
    @blp.arguments(TrackWriteSchema)
    @blp.response(201, TrackSchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Make a track."""
        track = tracks.create_track(session(), current_user(), body)
        view = track_view(track)
        location = url_for("tracks.TrackById", track_id=track.id)
        return view, {"Location": location, "ETag": etag_of(view)}


@blp.route("/tracks/<int:track_id>")
class TrackById(MethodView):
    @learner_required
    @blp.arguments(LangArgs, location="query")
    @blp.response(200, TrackSchema)
    @etagged
    def get(self, query: dict[str, Any], track_id: int) -> TrackView:
        """Read a track and its challenges."""
        return track_view(tracks.get_track(session(), current_user(), track_id), query.get("lang"))

    @author_required
    @blp.arguments(TrackWriteSchema)
    @blp.response(200, TrackSchema)
    @etagged
    def put(self, body: dict[str, Any], track_id: int) -> TrackView:
        """Replace a track."""
        return _changed(track_id, body)

    @author_required
    @blp.arguments(TrackWriteSchema(partial=True))
    @blp.response(200, TrackSchema)
    @etagged
    def patch(self, body: dict[str, Any], track_id: int) -> TrackView:
        """Change some fields of a track."""
        return _changed(track_id, body)

    @author_required
    @blp.response(204)
    @etagged
    def delete(self, track_id: int) -> None:
        """Delete a track; its challenges stay."""
        track = tracks.get_track(session(), current_user(), track_id)
        check_if_match(track)
        tracks.delete_track(session(), track)
        commit()


def _changed(track_id: int, changes: dict[str, Any]) -> TrackView:
    track = tracks.get_track(session(), current_user(), track_id)
    check_if_match(track)
    tracks.update_track(session(), track, changes)
    commit()
    return track_view(track)
