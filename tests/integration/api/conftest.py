"""The API in this process, over the real PostgreSQL and Redis; only the broker and the bus are the in-memory ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from api.app import create_app
from api.auth import issue_tokens
from api.extensions import db
from core.bus import InMemoryBus
from core.outbox import Ports
from core.passwords import hash_password
from core.queue import InMemoryQueue
from core.services import accounts
from core.settings import Settings
from core.words import Role
from tests.factories import rows
from tests.support.workshop import Workshop

PASSWORD = "correct horse battery"


@lru_cache(maxsize=1)
def hashed() -> str:
    """PASSWORD as it is stored: hashing it for each person would take half of the time of these tests."""
    return hash_password(PASSWORD)


@pytest.fixture(scope="module")
def standing_ports() -> Ports:
    return Ports(InMemoryQueue(), InMemoryBus())


@pytest.fixture(scope="module")
def app(settings: Settings, standing_ports: Ports) -> Iterator[Flask]:
    """One for the tests of a file, because building it takes longer than most of them."""
    app = create_app(settings, standing_ports)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def ports(standing_ports: Ports) -> Ports:
    """The doors of `app`, with nothing behind them yet."""
    standing_ports.queue.tasks.clear()
    standing_ports.bus.messages.clear()
    return standing_ports


@pytest.fixture
def strict_app(settings: Settings, ports: Ports) -> Iterator[Flask]:
    """The same with the rate limits of production."""
    app = create_app(replace(settings, rate_limits=True), ports)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    """A session of the test's own, beside the application's; it must commit what the application shall see."""
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    with factory() as session:
        yield session


@pytest.fixture
def workshop(app: Flask, ports: Ports) -> Workshop:
    """What workers and the sweeper do, at the test's command."""
    with app.app_context():
        return Workshop(sessionmaker(db.engine, expire_on_commit=False), ports)


@dataclass
class Person:
    """Somebody who is logged in, and the JSON requests they send below /api."""

    client: FlaskClient
    username: str
    access_token: str
    refresh_token: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {self.access_token}"
        extra = {} if body is None else {"json": body}
        return self.client.open(f"/api{path}", method=method, headers=headers, **extra)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.send("POST", path, body, **headers)


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """Somebody without a token."""
    return app.test_client()


@pytest.fixture
def person(app: Flask, database: Session) -> Callable[..., Person]:
    """`person(role)` registers somebody and logs them in."""
    numbers = itertools.count(1)

    def make(role: Role = Role.LEARNER) -> Person:
        username = f"{role.value}{next(numbers)}"
        facts = {"email": f"{username}@example.org", "display_name": username, "password_hash": hashed()}
        log_in = accounts.open_session(database, rows.user(database, username=username, role=role, **facts))
        database.commit()
        with app.app_context():
            tokens = issue_tokens(log_in)
        return Person(app.test_client(), username, tokens["access_token"], tokens["refresh_token"])

    return make


@pytest.fixture
def learner(person: Callable[..., Person]) -> Person:
    return person(Role.LEARNER)


@pytest.fixture
def author(person: Callable[..., Person]) -> Person:
    return person(Role.AUTHOR)


@pytest.fixture
def admin(person: Callable[..., Person]) -> Person:
    return person(Role.ADMIN)


@pytest.fixture
def problem() -> Callable[..., dict[str, Any]]:
    """`problem(response, status, code)` checks that the answer is that problem and returns it."""

    def check(response: TestResponse, status: int, code: str | None = None) -> dict[str, Any]:
        body = response.get_json(force=True)
        assert (response.status_code, body.get("code")) == (status, code or body.get("code")), body
        assert response.content_type == "application/problem+json"
        assert body["status"] == status
        assert {"type", "title", "detail", "code"} <= body.keys()
        return body

    return check
