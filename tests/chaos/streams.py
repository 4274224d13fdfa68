"""Learners' Socket.IO connections, which come back with the id of the last event that they heard."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import socketio

from tests.support.people import InOrderClient, Person

SILENT = logging.getLogger("tests.chaos.silent")  # broken connections are what we are after
SILENT.setLevel(logging.CRITICAL + 1)
PAUSE = 0.3  # seconds before the next try to connect


class Stream:
    """One learner's events, over as many connections as it takes. `ids` is all that arrived, in its order."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.ids: list[int] = []
        self.connects = 0
        self._client: Any = None
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"stream of {person.name}", daemon=True)
        self._thread.start()

    def drop(self) -> None:
        """Lose the connection; it comes back by itself."""
        if client := self._client:
            with suppress(Exception):  # it may just be connecting, or gone already
                client.disconnect()

    def ask_to_stop(self) -> None:
        self._stopping.set()

    def stop(self) -> None:
        self._stopping.set()
        self.drop()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with suppress(socketio.exceptions.SocketIOError, OSError, ValueError):  # the API is away
                self._listen()
            self._stopping.wait(PAUSE)

    def _listen(self) -> None:
        heard: list[int] = []
        client = InOrderClient(reconnection=False, handle_sigint=False, logger=SILENT, engineio_logger=SILENT)
        client.on("*", lambda name, event: heard.append(event["id"]))
        auth = {"token": self.person.token, "last_event_id": max(self.ids, default=0)}
        try:
            client.connect(self.person.url, auth=auth, transports=["websocket"], wait_timeout=10)
            self.connects += 1
            self._client = client
            self._follow(client, heard)
        finally:
            self._client = None
            with suppress(Exception):
                client.disconnect()
            self._take(heard)

    def _follow(self, client: Any, heard: list[int]) -> None:
        while client.connected and not self._stopping.is_set():
            self._take(heard)
            self._stopping.wait(0.1)

    def _take(self, heard: list[int]) -> None:
        """Move what was heard over. What comes after the last call of a connection was never seen by anybody."""
        count = len(heard)
        self.ids += [event_id for event_id in heard[:count] if event_id is not None]
        del heard[:count]
