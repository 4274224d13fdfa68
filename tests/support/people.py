"""People who use the running application over HTTP and Socket.IO, as clients do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import engineio
import psycopg2
import requests
import socketio

from tests.support.processes import wait_until

PASSWORD = "correct horse battery staple"


class Person:
    """A logged-in user of the application at `url`."""

    def __init__(self, url: str, answer: Mapping[str, Any]) -> None:
        self.url = url
        self.token = answer["access_token"]
        self.name = answer["user"]["username"]
        self._http = requests.Session()

    def call(self, method: str, path: str, **request: Any) -> requests.Response:
        """Call an endpoint under /api."""
        headers = {"Authorization": f"Bearer {self.token}", **request.pop("headers", {})}
        return self._http.request(method, f"{self.url}/api{path}", headers=headers, timeout=40, **request)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a successful GET."""
        response = self.call("GET", path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def make(self, path: str, **body: Any) -> Any:
        """The JSON of a successful POST that creates."""
        response = self.call("POST", path, json=body)
        assert response.status_code in (201, 202), response.text
        return response.json()

    def submit(self, challenge_id: int, answer: Any, **headers: str) -> requests.Response:
        return self.call(
            "POST", f"/challenges/{challenge_id}/submissions", json={"answer": answer}, headers=headers
        )

    def verdict(self, submission_id: int) -> dict[str, Any]:
        """The submission once it has ended."""
        found: dict[str, Any] = {}

        def ended() -> bool:
            found.update(self.get(f"/submissions/{submission_id}"))
            return found["status"] not in ("queued", "grading")

        wait_until(ended, f"submission {submission_id} has a verdict")
        return found

    def progress(self, challenge_id: int) -> dict[str, Any]:
        return self.get("/progress/", challenge_id=challenge_id)[0]

    def listen(self, last_event_id: int | None = 0) -> Listening:
        return Listening(self, last_event_id)


class _InOrder(engineio.Client):
    """Handles one packet after the other: in threads of their own, handlers would mix up what came in order."""

    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        return super()._trigger_event(event, *args, **{**options, "run_async": False})


class InOrderClient(socketio.Client):
    """A Socket.IO client whose handlers see events in the order in which they came."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrder


class Listening:
    """A Socket.IO client of a person; `events` in the order they came."""

    def __init__(self, person: Person, last_event_id: int | None) -> None:
        self._person, self._last = person, last_event_id
        self.events: list[dict[str, Any]] = []
        self._client = InOrderClient(reconnection=False, handle_sigint=False)

    def __enter__(self) -> Listening:
        self._client.on("*", lambda name, event: self.events.append(event))
        auth = {"token": self._person.token, "last_event_id": self._last}
        self._client.connect(self._person.url, auth=auth, transports=["websocket"], wait_timeout=20)
        wait_until(lambda: self.types(), "the server says hello")
        return self

    def __exit__(self, *error: object) -> None:
        self._client.disconnect()

    def types(self, submission_id: int | None = None) -> list[str]:
        """The types of the events so far; only those about a submission where one is named."""
        about = [e for e in self.events if submission_id in (None, e["data"].get("submission_id"))]
        return [event["type"] for event in about]

    def ids(self) -> list[int]:
        """The ids of the stored events so far."""
        return [event["id"] for event in self.events if event["id"] is not None]

    def wait_for(self, kind: str, count: int = 1) -> None:
        wait_until(lambda: self.types().count(kind) >= count, f"{count} {kind} arrived")


def learner(url: str) -> Person:
    """Somebody who has just registered."""
    name = f"ada{secrets.token_hex(4)}"
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    response = requests.post(f"{url}/api/auth/register", json=body, timeout=20)
    assert response.status_code == 201, response.text
    return Person(url, response.json())


def author(url: str, database_url: str) -> Person:
    """Somebody whom an operator made an author."""
    person = learner(url)
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE users SET role = 'author' WHERE username = %s", [person.name])
    connection.close()
    return person
