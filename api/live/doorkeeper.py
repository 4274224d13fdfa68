"""Keeps sockets from using up the threads of the process, of which each socket holds one.

A connection that sends no good token costs as much as one that does, so all are counted, from the first byte on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from api.problems import CONTENT_TYPE, Problem

PATH = "/socket.io"
# How long a client may take from opening a connection to sending its token, in seconds.
PATIENCE = 10.0
FULL = Problem(
    503, "live_full", "There are as many live connections as this process takes; read GET /api/events."
)

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Doorkeeper:
    """WSGI middleware around Socket.IO's: lets at most `most` connections in, and sends away who says nothing."""

    def __init__(self, app: App, server: Any, most: int) -> None:
        self._app, self._server, self._most = app, server, most
        self._lock = Lock()
        self._seen: dict[str, float] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _is_new(environ):
            self._send_idlers_away()
            if len(self._server.eio.sockets) >= self._most:
                return _refusal(start_response)
        return self._app(environ, start_response)

    def _send_idlers_away(self) -> None:
        """Whoever came is looked at when the next one comes: below the limit idlers do no harm."""
        now = time.monotonic()
        with self._lock:
            self._seen = {sid: self._seen.get(sid, now) for sid in list(self._server.eio.sockets)}
            late = [sid for sid, since in self._seen.items() if now - since > PATIENCE]
        for sid in late:
            if self._server.manager.sid_from_eio_sid(sid, "/") is None:
                self._server.start_background_task(self._server.eio.disconnect, sid)


def _is_new(environ: Environ) -> bool:
    """Whether it asks for a new connection: one that there is names its id."""
    return environ.get("PATH_INFO", "").startswith(PATH) and "sid" not in parse_qs(
        environ.get("QUERY_STRING", "")
    )


def _refusal(start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = [("Content-Type", CONTENT_TYPE), ("Retry-After", "5"), ("Cache-Control", "no-store")]
    start_response("503 Service Unavailable", headers)
    return [json.dumps(FULL.body()).encode()]
