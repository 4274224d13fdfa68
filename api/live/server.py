"""Socket.IO: a token at connect, a room per user, what was missed first and then live events."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO
from sqlalchemy.orm import sessionmaker

from api.auth import log_in_of, user_of_token
from api.extensions import db, session
from api.live.audience import Event, Line, Listener
from api.live.doorkeeper import Doorkeeper
from api.live.relay import Relay
from core.bus import RedisBus
from core.db import now
from core.errors import CoreError, InvalidToken, TooManyRequests, ValidationFailed
from core.events import Envelope
from core.services.events import last_event_id
from core.settings import Settings

# Clients only listen: a packet of theirs beyond a connect needs no more bytes than this.
MAX_PACKET = 64 * 1024
# How long the answer to a connect may take to leave, in seconds.
GREETING = 10.0
# How many sockets one user may have in this process.
MOST_EACH = 20


def init_live(app: Flask, settings: Settings) -> None:
    """Bind Socket.IO to `app`. Threading mode: any gunicorn thread worker serves it, no monkey-patching."""
    socketio = SocketIO(
        app,
        async_mode="threading",
        cors_allowed_origins=list(settings.cors_origins) or None,
        max_http_buffer_size=MAX_PACKET,
        always_connect=False,
        async_handlers=False,  # whatever a client sends is ignored in its own thread, not in a new one for each event
    )
    with app.app_context():
        relay = Relay(RedisBus(settings.redis_url), sessionmaker(db.engine, expire_on_commit=False))
    app.wsgi_app = Doorkeeper(app.wsgi_app, socketio.server, settings.live_connections)  # type: ignore[method-assign]
    live = LiveServer(socketio, relay)
    app.extensions["creathon_live"] = live
    socketio.on_event("connect", live.connect)
    socketio.on_event("disconnect", live.disconnect)


class LiveServer:
    """The sockets of this process."""

    def __init__(self, socketio: SocketIO, relay: Relay) -> None:
        self._socketio, self._relay = socketio, relay

    @property
    def connections(self) -> int:
        """How many sockets listen."""
        return len(self._relay.audience)

    def connect(self, auth: Any = None) -> None:
        """Admit who brings a good token. Raises ConnectionRefusedError with {code, message}."""
        try:
            guest = _admitted(auth)
            if self._relay.audience.count_of(guest.user_id) >= MOST_EACH:
                raise TooManyRequests(f"You have {MOST_EACH} live connections already; close one.")
        except CoreError as error:
            raise ConnectionRefusedError({"code": error.code, "message": error.message}) from None
        sid = _sid()
        self._relay.start()
        line = Line(lambda event: self._send(sid, event), lambda: self._hang_up(sid))
        listener = Listener(guest.user_id, guest.log_in, guest.cursor, line)
        self._socketio.start_background_task(self._greet, sid, listener, guest)

    def disconnect(self, reason: Any = None) -> None:
        self._relay.audience.leave(_sid())

    def _greet(self, sid: str, listener: Listener, guest: Guest) -> None:
        """Say hello and join the audience, once the client was told that it is connected."""
        if not self._welcomed(sid):
            return
        hello = Envelope(None, "hello", now(), {"user_id": listener.user_id, "last_event_id": guest.newest})
        self._send(sid, hello.as_dict())
        self._relay.audience.join(sid, listener, guest.author)
        if not self._sockets.is_connected(sid, "/"):
            self._relay.audience.leave(sid)

    def _welcomed(self, sid: str) -> bool:
        deadline = time.monotonic() + GREETING
        while self._sockets.is_pre_connected(sid, "/") and time.monotonic() < deadline:
            time.sleep(0.001)
        return bool(self._sockets.is_connected(sid, "/"))

    @property
    def _sockets(self) -> Any:
        return self._socketio.server.manager

    def _hang_up(self, sid: str) -> None:
        """End the socket, and the connection below it, which a client might keep open."""
        connection = self._sockets.eio_sid_from_sid(sid, "/")
        self._socketio.server.disconnect(sid)
        if connection is not None:
            self._socketio.start_background_task(self._socketio.server.eio.disconnect, connection)

    def _send(self, sid: str, event: Event) -> None:
        self._socketio.emit(event["type"], event, to=sid)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who was admitted: by which log-in, their newest event's id, the id after which they want to hear, their role."""

    user_id: int
    log_in: uuid.UUID
    newest: int
    cursor: int
    author: bool


def _admitted(auth: Any) -> Guest:
    """Raises CoreError."""
    if not isinstance(auth, dict) or not isinstance(auth.get("token"), str):
        raise InvalidToken("Connect with auth: {token, last_event_id}.")
    user, log_in = user_of_token(auth["token"]), log_in_of(auth["token"])
    newest = last_event_id(session(), user.id)
    wanted = auth.get("last_event_id")
    if wanted is None:
        return Guest(user.id, log_in, newest, newest, user.is_author)
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 0:
        raise ValidationFailed({"last_event_id": ["Must be the id of the last event you saw, or 0."]})
    return Guest(user.id, log_in, newest, min(wanted, newest), user.is_author)


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
