"""Socket.IO: a token at connect, a room per user, what was missed first and then live events."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO
from sqlalchemy.orm import sessionmaker

from api.auth import user_of_token
from api.extensions import db, session
from api.live.audience import Event, Listener
from api.live.relay import Relay
from core.bus import RedisBus
from core.db import now
from core.errors import CoreError, InvalidToken, ValidationFailed
from core.events import Envelope
from core.services.events import last_event_id

# Clients only listen: a packet of theirs beyond a connect needs no more bytes than this.
MAX_PACKET = 64 * 1024
# How long the answer to a connect may take to leave, in seconds.
GREETING = 10.0


def init_live(app: Flask, cors_origins: tuple[str, ...]) -> None:
    """Bind Socket.IO to `app`. Threading mode: any gunicorn thread worker serves it, no monkey-patching."""
    socketio = SocketIO(
        app,
        async_mode="threading",
        cors_allowed_origins=list(cors_origins) or None,
        max_http_buffer_size=MAX_PACKET,
        always_connect=False,
    )
    with app.app_context():
        bus = RedisBus(app.extensions["creathon_settings"].redis_url)
        relay = Relay(bus, sessionmaker(db.engine, expire_on_commit=False))
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
            user_id, newest, cursor = _admitted(auth)
        except CoreError as error:
            raise ConnectionRefusedError({"code": error.code, "message": error.message}) from None
        sid = _sid()
        self._relay.start()
        listener = Listener(user_id, cursor, lambda event: self._send(sid, event))
        self._socketio.start_background_task(self._greet, sid, listener, newest)

    def disconnect(self, reason: Any = None) -> None:
        self._relay.audience.leave(_sid())

    def _greet(self, sid: str, listener: Listener, newest: int) -> None:
        """Say hello and join the audience, once the client was told that it is connected."""
        if not self._welcomed(sid):
            return
        hello = Envelope(None, "hello", now(), {"user_id": listener.user_id, "last_event_id": newest})
        self._send(sid, hello.as_dict())
        self._relay.audience.join(sid, listener)
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

    def _send(self, sid: str, event: Event) -> None:
        self._socketio.emit(event["type"], event, to=sid)


def _admitted(auth: Any) -> tuple[int, int, int]:
    """The user, their newest event's id, and the id after which they want to hear. Raises CoreError."""
    if not isinstance(auth, dict) or not isinstance(auth.get("token"), str):
        raise InvalidToken("Connect with auth: {token, last_event_id}.")
    user_id = user_of_token(auth["token"]).id
    newest = last_event_id(session(), user_id)
    wanted = auth.get("last_event_id")
    if wanted is None:
        return user_id, newest, newest
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 0:
        raise ValidationFailed({"last_event_id": ["Must be the id of the last event you saw, or 0."]})
    return user_id, newest, min(wanted, newest)


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
