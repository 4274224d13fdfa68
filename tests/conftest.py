"""Fixtures for all tests. Unit tests open no socket; everything else gets real servers and real processes.

`servers`, `settings_env`, `database_url` and `redis_url` live as long as the test process; each xdist process has its
own. After a test that used them every table is emptied. `app_process`, `worker_process`, `sweeper_process` and
`bot_process` are factories of real processes, whose logs are shown when the test fails.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db import make_engine
from core.grading import Queue
from core.settings import Settings, read_settings
from deploy.local.places import CHECKOUT
from tests.support.processes import AppProcess, ProcessFactory, WebProcess, WorkerProcess
from tests.support.servers import Servers, running_servers

UNIT = Path(__file__).parent / "unit"
# Whatever the person who runs the tests has set must not change what they find.
OUTER = (
    "ENVIRONMENT",
    "TRUSTED_PROXIES",
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "JWT_SECRET_KEY",
    "HOST",
    "PORT",
    "CORS_ORIGINS",
)
OUTER += (
    "RATE_LIMITS",
    "LOG_LEVEL",
    "WORKER_NAME",
    "WORKER_QUEUES",
    "KNOWLEDGE_NAME",
    "FLASK_APP",
    "FLASK_DEBUG",
    "HTTP_PROXY",
    "http_proxy",
)
OUTER += (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_BASE_URL",
    "TELEGRAM_BOT_USERNAME",
    "PGPASSWORD",
    "PGHOST",
    "PGUSER",
)
OUTER += ("SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROCESSES = pytest.StashKey[list[ProcessFactory]]()
LOG_TAIL = 8000  # characters


def pytest_configure(config: pytest.Config) -> None:
    for name in OUTER:
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def _no_sockets_in_unit_tests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.is_relative_to(UNIT):
        monkeypatch.setattr(socket.socket, "connect", _refuse_to_connect)
        monkeypatch.setattr(socket.socket, "connect_ex", _refuse_to_connect)


def _refuse_to_connect(self: socket.socket, address: Any) -> None:
    raise AssertionError(f"a unit test connects to {address}: move it to tests/integration")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL and Valkey of this test process, without tables."""
    with running_servers(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture(scope="session")
def settings_env(servers: Servers) -> dict[str, str]:
    """A whole environment for processes of the application, tables included. Copy it before changing it."""
    env = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "HOME": os.environ.get("HOME", "/nonexistent"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "FLASK_APP": "wsgi:app",
        "RATE_LIMITS": "off",
        "WORKER_QUEUES": ",".join(Queue),
        "DATABASE_URL": servers.postgres.url,
        "REDIS_URL": servers.valkey.url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_SECRET_KEY": secrets.token_urlsafe(48),
        "HOST": "127.0.0.1",
    }
    migrated = subprocess.run(
        ["flask", "db", "upgrade"], env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=120
    )
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    return env


@pytest.fixture(scope="session")
def database_url(settings_env: dict[str, str]) -> str:
    """A migrated database, for psycopg2 or `core.settings.database_url`."""
    return settings_env["DATABASE_URL"]


@pytest.fixture(scope="session")
def redis_url(settings_env: dict[str, str]) -> str:
    return settings_env["REDIS_URL"]


@pytest.fixture(scope="session")
def settings(settings_env: dict[str, str]) -> Settings:
    """The settings that the processes of the tests read from `settings_env`."""
    return read_settings(settings_env)


@pytest.fixture
def empty_database_url(servers: Servers) -> Iterator[str]:
    """Another database on the same server, without tables, for this test alone."""
    with servers.empty_database() as url:
        yield url


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session inside a transaction that is rolled back: a commit in the test is a savepoint."""
    engine = make_engine(settings.database_url)
    with engine.connect() as connection, connection.begin() as outer:
        yield from _session_in(connection)
        outer.rollback()
    engine.dispose()


def _session_in(connection: Any) -> Iterator[Session]:
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


@pytest.fixture(autouse=True)
def _leave_the_servers_empty(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set up before the others, thus undone after them, when the test's processes are gone."""
    yield
    if "settings_env" in request.fixturenames:
        request.getfixturevalue("servers").empty()


@pytest.fixture
def app_process(request: pytest.FixtureRequest) -> Iterator[ProcessFactory]:
    """`app_process(**env)` starts the web server on a free port; see `.url`."""
    yield from _processes(request, "web", WebProcess)


@pytest.fixture
def worker_process(request: pytest.FixtureRequest) -> Iterator[ProcessFactory]:
    """`worker_process(**env)` starts a Celery worker for all queues, with two grading processes."""
    yield from _processes(request, "worker", WorkerProcess)


@pytest.fixture
def sweeper_process(request: pytest.FixtureRequest) -> Iterator[ProcessFactory]:
    yield from _processes(request, "sweeper", AppProcess)


@pytest.fixture
def bot_process(request: pytest.FixtureRequest) -> Iterator[ProcessFactory]:
    """`bot_process(TELEGRAM_BOT_TOKEN=..., TELEGRAM_API_BASE_URL=...)` starts the Telegram bot."""
    yield from _processes(request, "bot", AppProcess)


def _processes(request: pytest.FixtureRequest, name: str, kind: type[AppProcess]) -> Iterator[ProcessFactory]:
    env: dict[str, str] = request.getfixturevalue("settings_env")
    logs: Path = request.getfixturevalue("tmp_path")
    factory = ProcessFactory(name, kind, env, logs)
    request.node.stash.setdefault(PROCESSES, []).append(factory)
    try:
        yield factory
    finally:
        factory.stop_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Show what the test's processes logged when it fails."""
    report = yield
    if report.failed:
        for factory in item.stash.get(PROCESSES, []):
            report.sections += [(f"log of {made.name}", made.log[-LOG_TAIL:]) for made in factory.made]
    return report
