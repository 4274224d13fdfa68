"""Socket.IO: a token at connect, a room per user, what was missed first and then live events."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO
from sqlalchemy.orm import sessionmaker

from api.auth import user_of_token
from api.extensions import db, ports, session
from api.live.audience import Event, Listener
from api.live.relay import Relay
from core.db import now
from core.errors import CoreError, InvalidToken, ValidationFailed
from core.events import Envelope
from core.services.events import last_event_id

# Clients only listen: whatever they send beyond a connect packet is refused above this many bytes.
MAX_PACKET = 64 * 1024
# How long a connect packet may take to leave, in seconds.
GREETING = 10.0

log = logging.getLogger(__name__)

socketio = SocketIO()


def init_live(app: Flask, cors_origins: tuple[str, ...]) -> None:
    """Bind Socket.IO to `app`. Threading mode: any gunicorn thread worker serves it, no monkey-patching."""
    socketio.init_app(
        app,
        async_mode="threading",
        cors_allowed_origins=list(cors_origins) or None,
        max_http_buffer_size=MAX_PACKET,
        always_connect=False,
    )
    with app.app_context():
        relay = Relay(ports().bus, sessionmaker(db.engine, expire_on_commit=False))  # type: ignore[arg-type]
    app.extensions["creathon_relay"] = relay
    socketio.on_event("connect", lambda auth=None: _connect(relay, auth))
    socketio.on_event("disconnect", lambda reason=None: relay.audience.leave(_sid()))


def _connect(relay: Relay, auth: Any) -> None:
    try:
        user_id, newest, cursor = _admitted(auth)
    except CoreError as error:
        raise ConnectionRefusedError({"code": error.code, "message": error.message}) from None
    sid = _sid()
    relay.start()
    listener = Listener(user_id, cursor, lambda event: _send(sid, event))
    socketio.start_background_task(_greet, relay, sid, listener, newest)


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


def _greet(relay: Relay, sid: str, listener: Listener, newest: int) -> None:
    """Say hello and join the audience, once the client was told that it is connected."""
    if not _connected(sid):
        return
    hello = Envelope(None, "hello", now(), {"user_id": listener.user_id, "last_event_id": newest})
    _send(sid, hello.as_dict())
    relay.audience.join(sid, listener)
    if not socketio.server.manager.is_connected(sid, "/"):
        relay.audience.leave(sid)


def _connected(sid: str) -> bool:
    deadline = time.monotonic() + GREETING
    manager = socketio.server.manager
    while manager.is_pre_connected(sid, "/") and time.monotonic() < deadline:
        time.sleep(0.001)
    return bool(manager.is_connected(sid, "/"))


def _send(sid: str, event: Event) -> None:
    socketio.emit(event["type"], event, to=sid)


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
