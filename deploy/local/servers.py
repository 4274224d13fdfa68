"""The two servers as one thing: those named in the environment, else the embedded ones."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.home import open_home
from deploy.local.places import private_directory
from deploy.local.ports import remembered_port
from deploy.local.postgres import Postgres, ServerOptions
from deploy.local.valkey import Valkey

PORTS = "ports.json"
LOGS = "log"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where PostgreSQL and the Redis protocol answer. They hold passwords."""

    database_url: str
    redis_url: str


@contextmanager
def running_servers(var: Path, env: Mapping[str, str] | None = None) -> Iterator[Addresses]:
    """The servers while the block runs; what DATABASE_URL and REDIS_URL name is used as it is. Raises StackError."""
    env = os.environ if env is None else env
    with ExitStack() as stack:
        yield Addresses(
            database_url=env.get("DATABASE_URL") or _start_postgres(var, stack),
            redis_url=env.get("REDIS_URL") or _start_valkey(var, stack),
        )


def _start_postgres(var: Path, stack: ExitStack) -> str:
    server = Postgres(open_home(var), _options(var, "postgres"))
    stack.callback(server.stop)
    server.start()
    return server.url


def _start_valkey(var: Path, stack: ExitStack) -> str:
    server = Valkey(open_home(var), _options(var, "valkey"))
    stack.callback(server.stop)
    server.start()
    return server.url


def _options(var: Path, name: str) -> ServerOptions:
    logs = private_directory(var / LOGS)
    return ServerOptions(remembered_port(var / PORTS, name), logs / f"{name}.log")
