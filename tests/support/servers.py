"""The embedded PostgreSQL and Valkey of one test process, and what makes them empty again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import redis
from psycopg2 import sql
from psycopg2.errors import DeadlockDetected
from psycopg2.extensions import connection as Connection

from deploy.local.home import temporary_home
from deploy.local.ports import free_port
from deploy.local.postgres import Postgres, ServerOptions
from deploy.local.valkey import Valkey

KEPT_TABLES = ("alembic_version",)
KEPT_KEYS = b"_kombu.binding."  # senders declare their queues once and trust that they stay


@dataclass(frozen=True, slots=True)
class Servers:
    """Both servers of this test process. No other process uses them: a test may stop and start them."""

    postgres: Postgres
    valkey: Valkey

    def empty(self) -> None:
        """Empty every table and remove what waits in the queues."""
        with _connected(self.postgres.url) as connection:
            _truncate(connection)
        with redis.Redis.from_url(self.valkey.url, socket_timeout=10) as client:
            keys = [key for key in client.scan_iter(count=1000) if not key.startswith(KEPT_KEYS)]
            if keys:
                client.delete(*keys)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """URL of another database, without tables, dropped at the end."""
        name = f"test_{secrets.token_hex(6)}"
        with _connected(self.postgres.url_of("postgres")) as connection:
            _execute(connection, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            yield self.postgres.url_of(name)
            _execute(connection, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running_servers(logs: Path) -> Iterator[Servers]:
    """Servers of our own while the block runs; their data goes with them."""
    with temporary_home() as home:
        servers = Servers(
            Postgres(home, ServerOptions(free_port(), logs / "postgres.log", restart=False, throwaway=True)),
            Valkey(home, ServerOptions(free_port(), logs / "valkey.log", restart=False)),
        )
        try:
            servers.postgres.start()
            servers.valkey.start()
            yield servers
        finally:
            servers.valkey.stop()
            servers.postgres.stop()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    connection = psycopg2.connect(url, connect_timeout=10)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def _truncate(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [sql.Identifier(name) for (name,) in cursor.fetchall() if name not in KEPT_TABLES]
    if names:
        _execute(connection, sql.SQL("SET lock_timeout = '30s'"))
        truncate = sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(names))
        _insist(connection, truncate)


def _insist(connection: Connection, statement: sql.Composable, tries: int = 10) -> None:
    """Execute; a worker that still grades may take locks the other way round, and one of the two must give way."""
    for _ in range(tries - 1):
        with suppress(DeadlockDetected):
            _execute(connection, statement)
            return
    _execute(connection, statement)


def _execute(connection: Connection, statement: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
