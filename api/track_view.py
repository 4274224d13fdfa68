"""A track as one reader sees it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from api.auth import current_user
from api.challenge_view import ChallengeView, views_of
from api.extensions import session
from core.models.track import Track
from core.services import tracks
from core.services.prerequisites import Seen
from core.services.tracks import TrackProgress


@dataclass(frozen=True, slots=True)
class TrackView:
    """The track's own fields, how far the reader got, and (of one track) its challenges."""

    track: Track
    seen: Sequence[Seen]
    views: Sequence[ChallengeView] = field(default=())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.track, name)

    @property
    def progress(self) -> TrackProgress:
        return tracks.progress_in(self.seen)

    @property
    def challenges(self) -> list[dict[str, Any]]:
        return [
            {
                "id": view.challenge.id,
                "title": view.title,
                "state": view.challenge.state,
                "status": view.progress and view.progress.status,
                "locked": view.locked,
            }
            for view in self.views
        ]

    @property
    def reader_state(self) -> str:
        """What makes this view another one than the track's version alone says; see api.etags."""
        return f"{zlib.crc32(repr(self.challenges).encode()):08x}"


def track_views(found: Sequence[Track]) -> list[TrackView]:
    """As the request's user sees them in a list."""
    seen = tracks.challenges_of(session(), current_user(), [track.id for track in found])
    return [TrackView(track, seen[track.id]) for track in found]


def track_view(track: Track, lang: str | None = None) -> TrackView:
    """As the request's user sees it, its challenges' titles in the language that they want."""
    seen = tracks.challenges_of(session(), current_user(), [track.id])[track.id]
    return TrackView(track, seen, views_of(seen, lang))
