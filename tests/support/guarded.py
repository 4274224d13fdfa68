"""Both servers as an operator sets them up: roles.sql and grants.sql applied, users.acl in force."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis

from deploy.local.child import Child, Program
from deploy.local.places import CHECKOUT
from deploy.local.ports import HOST, free_port
from tests.support.processes import wait_until
from tests.support.servers import Servers

ROLES = ("owner", "app", "worker", "sweeper", "scaler")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Where each role finds PostgreSQL, where the application finds Valkey, and where its operator does."""

    database: Mapping[str, str]
    redis_url: str
    operator_url: str


@contextmanager
def guarded_servers(servers: Servers, env: Mapping[str, str], logs: Path) -> Iterator[Guarded]:
    """A database of its own and another Valkey, set up by the commands of docs/operations.md."""
    port = free_port()
    with servers.empty_database() as url:
        at = urlsplit(url)
        kept = _make_secrets(logs / "secrets", f"{at.hostname}:{at.port}", f"{HOST}:{port}")
        database = {role: kept[f"DATABASE_URL.{role}"].removesuffix("/creathon") + at.path for role in ROLES}
        with _guarded_valkey(servers, port, logs, kept["users.acl"]) as operator_url:
            _apply_roles(servers, url, kept)
            redis_url = kept["REDIS_URL"]
            _run(
                ["deploy/start", "migrate"],
                {**env, "DATABASE_URL": database["owner"], "REDIS_URL": redis_url},
            )
            yield Guarded(database, redis_url, operator_url)


def _make_secrets(folder: Path, postgres: str, valkey: str) -> dict[str, str]:
    _run(["deploy/make-secrets", str(folder), postgres, valkey], {"PATH": os.defpath})
    return {path.name: path.read_text() for path in folder.iterdir()}


def _apply_roles(servers: Servers, url: str, kept: Mapping[str, str]) -> None:
    at = urlsplit(url)
    login = {"PGHOST": at.hostname, "PGPORT": str(at.port), "PGUSER": at.username, "PGPASSWORD": at.password}
    given = {name: value for name, value in kept.items() if name.startswith("CREATHON_")}
    psql = [str(servers.postgres.home.programs.psql), "--no-psqlrc", "-d", at.path[1:]]
    _run([*psql, "-f", "deploy/postgresql/roles.sql"], {"PATH": os.defpath, **login, **given})


@contextmanager
def _guarded_valkey(servers: Servers, port: int, logs: Path, users: str) -> Iterator[str]:
    """Valkey with our configuration and these users, and one more who may do everything: that one's URL."""
    home, password = servers.valkey.home, secrets.token_urlsafe(24)
    acl = home.write("users.acl", f"{users}user operator on >{password} ~* &* +@all\n")
    conf = home.write("guarded.conf", (CHECKOUT / "deploy/redis/valkey.conf").read_text())
    options = {"port": str(port), "bind": HOST, "dir": str(home.folder("guarded")), "aclfile": str(acl)}
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    log = logs / "guarded-valkey.log"
    child = Child(
        Program([str(home.programs.valkey), str(conf), *flags], {"PATH": os.defpath}, log, home.user)
    )
    child.start()
    try:
        url = f"redis://operator:{password}@{HOST}:{port}/0"
        wait_until(lambda: not child.running or _answers(url), "Valkey answers")
        assert child.running, log.read_text()
        yield url
    finally:
        child.stop()


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=5) as client:
            return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        return False


def _run(command: list[str], env: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
