"""Both servers as an operator sets them up: roles.sql and grants.sql applied, users.acl in force."""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
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
ACL_USER = "creathon"


@dataclass(frozen=True, slots=True)
class Guarded:
    """Where each role finds PostgreSQL, where the application finds Valkey, and where its operator does."""

    database: Mapping[str, str]
    redis_url: str
    operator_url: str


@contextmanager
def guarded_servers(servers: Servers, env: Mapping[str, str], logs: Path) -> Iterator[Guarded]:
    """A database of its own on the test's PostgreSQL, migrated by its owner, and another Valkey with the ACL file."""
    with servers.empty_database() as url, _guarded_valkey(servers, logs) as (redis_url, operator_url):
        database = _with_roles(servers, url)
        migrate = {**env, "DATABASE_URL": database["owner"], "REDIS_URL": redis_url}
        _run(["flask", "db", "upgrade"], migrate)
        _run([sys.executable, "-m", "deploy.postgresql.grant"], migrate)
        yield Guarded(database, redis_url, operator_url)


def _with_roles(servers: Servers, url: str) -> dict[str, str]:
    """Run roles.sql as its head comment says; the URL of each role."""
    passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
    at = urlsplit(url)
    login = {"PGHOST": at.hostname, "PGPORT": str(at.port), "PGUSER": at.username, "PGPASSWORD": at.password}
    given = {f"CREATHON_{role.upper()}_PASSWORD": password for role, password in passwords.items()}
    roles = CHECKOUT / "deploy/postgresql/roles.sql"
    psql = [str(servers.postgres.home.programs.psql), "--no-psqlrc", "-d", at.path[1:], "-f", str(roles)]
    _run(psql, {"PATH": os.defpath, **login, **given})
    return {
        role: url.replace(at.netloc, f"creathon_{role}:{password}@{at.hostname}:{at.port}")
        for role, password in passwords.items()
    }


@contextmanager
def _guarded_valkey(servers: Servers, logs: Path) -> Iterator[tuple[str, str]]:
    home, port = servers.valkey.home, free_port()
    password, operator = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    users = (CHECKOUT / "deploy/redis/users.acl").read_text()
    users = users.replace("PASSWORD_SHA256", hashlib.sha256(password.encode()).hexdigest())
    acl = home.write("users.acl", f"{users}user operator on >{operator} ~* &* +@all\n")
    conf = home.write("guarded.conf", (CHECKOUT / "deploy/redis/valkey.conf").read_text())
    options = {"port": str(port), "bind": HOST, "dir": str(home.folder("guarded")), "aclfile": str(acl)}
    argv = [
        str(home.programs.valkey),
        str(conf),
        *(part for name, value in options.items() for part in (f"--{name}", value)),
    ]
    child = Child(Program(argv, {"PATH": os.defpath}, logs / "guarded-valkey.log", home.user))
    child.start()
    try:
        url = f"redis://{ACL_USER}:{password}@{HOST}:{port}/0"
        wait_until(lambda: not child.running or _answers(url), "Valkey answers")
        assert child.running, (logs / "guarded-valkey.log").read_text()
        yield url, f"redis://operator:{operator}@{HOST}:{port}/0"
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
