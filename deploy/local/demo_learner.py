"""The demo's learner: a real client of the REST API and of Socket.IO, with an account made for the occasion."""

from __future__ import annotations

import queue
import secrets
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import requests
import socketio

from deploy.local.errors import StackError

PATIENCE = 60.0  # seconds without any event, after which something is broken
Event = dict[str, Any]


class Client:
    """A person at the REST API: a context manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def log_in(self, login: str, password: str) -> str:
        """The access token, which later requests carry. Raises StackError."""
        token: str = self.send("POST", "/auth/login", {"login": login, "password": password})["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        return token

    def send(self, method: str, path: str, body: Event | None = None) -> Any:
        """The JSON answer of the API. Raises StackError with the problem it reports."""
        try:
            answer = self._http.request(method, f"{self.url}/api{path}", json=body, timeout=30)
        except requests.RequestException as error:
            raise StackError(f"{method} {path} was not answered: {error}") from None
        if not answer.ok:
            raise StackError(f"{method} {path} was answered with {answer.status_code}: {answer.text[:500]}")
        return answer.json()

    def read(self, path: str) -> Any:
        """GET. Raises StackError."""
        return self.send("GET", path)


class Learner(Client):
    """A person with an account and a live connection. `events` holds all that arrived, in order."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.username = f"ada-{secrets.token_hex(3)}"
        self.events: list[Event] = []
        self._arrived: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._socket = socketio.Client()

    def __enter__(self) -> Self:
        password = secrets.token_urlsafe(12)
        account = {"username": self.username, "email": f"{self.username}@example.com", "password": password}
        self.send("POST", "/auth/register", account)
        token = self.log_in(self.username, password)
        self._socket.on("*", lambda name, event: self._arrived.put(event))
        login = {"token": token, "last_event_id": 0}
        try:
            self._socket.connect(self.url, auth=login, transports=["websocket"], wait_timeout=10)
        except socketio.exceptions.ConnectionError as error:
            raise StackError(f"Socket.IO at {self.url} refused the connection: {error}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.disconnect()
        super().__exit__(kind, error, trace)

    @property
    def newest(self) -> int:
        """The number of the last event that arrived and that is kept."""
        return max((event["id"] or 0 for event in self.events), default=0)

    def live(self, until: str, submission_id: int) -> Iterator[Event]:
        """Events as they arrive, up to that of type `until` about the submission. Raises StackError."""
        while True:
            event = self._next()
            yield event
            if event["type"] == until and event["data"].get("submission_id") == submission_id:
                return

    def stragglers(self, newest: int) -> Iterator[Event]:
        """The events that still have to come until the one with the id `newest`. Raises StackError when they do not."""
        while self.newest < newest:
            yield self._next()

    def _next(self) -> Event:
        try:
            event = self._arrived.get(timeout=PATIENCE)
        except queue.Empty:
            raise StackError(f"No live event arrived for {PATIENCE:g} s.") from None
        self.events.append(event)
        return event
