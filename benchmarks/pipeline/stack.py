"""The full stack on this machine, as `make up` starts it, on servers of its own whose data goes with them."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.pipeline.cpu import cpu_seconds
from deploy.local.child import Child, Program
from deploy.local.home import temporary_home
from deploy.local.places import CHECKOUT
from deploy.local.ports import HOST, free_port
from deploy.local.postgres import Postgres, ServerOptions
from deploy.local.up import stack_commands
from deploy.local.valkey import Valkey

START = 60.0  # seconds
GRACE = 20.0


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Valkey of one application. Two could not share a Valkey: its channels know no database numbers."""

    postgres: Postgres
    valkey: Valkey
    logs: Path


@dataclass
class Stack:
    """An application's processes. `parts` maps a part's name to the process at the root of its tree."""

    env: dict[str, str]
    servers: Servers
    parts: dict[str, int]
    children: list[Child] = field(default_factory=list)

    def ask_to_stop(self) -> None:
        """Begin the stop of all processes at once; each may take its time."""
        for child in self.children:
            child.ask_to_stop()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.env['PORT']}"

    def cpu(self) -> dict[str, float]:
        """CPU seconds that each part has used so far."""
        return cpu_seconds(self.parts)

    def flask(self, *arguments: str, typed: str = "") -> str:
        """What one `flask` command says."""
        return run(["flask", *arguments], self.env, typed)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """The JSON answer of the API."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()[:500]}") from None


def run(command: list[str], env: Mapping[str, str], typed: str = "") -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, env=dict(env), cwd=CHECKOUT, input=typed, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command[:4])} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Servers with no tables yet, set up as `make up` does, while the block runs."""
    with ExitStack() as stack:
        logs = Path(stack.enter_context(TemporaryDirectory(prefix="creathon-bench-")))
        home = stack.enter_context(temporary_home())
        postgres = Postgres(home, ServerOptions(free_port(), logs / "postgres.log", restart=False))
        valkey = Valkey(home, ServerOptions(free_port(), logs / "valkey.log", restart=False))
        for server in (postgres, valkey):
            stack.callback(server.stop)
            server.start()
        yield Servers(postgres, valkey, logs)


def migrated_environment(servers: Servers) -> dict[str, str]:
    """The environment of an application on these servers, its tables made."""
    env = _environment(servers.postgres.url, servers.valkey.url)
    run(["flask", "db", "upgrade"], env)
    return env


@contextmanager
def running_stack(servers: Servers, env: dict[str, str]) -> Iterator[Stack]:
    """The Procfile's processes, ready, while the block runs."""
    with ExitStack() as exit_stack:
        made = Stack(env, servers, {})
        for name, command in stack_commands(env).items():
            made.parts[name] = start(exit_stack, name, command, made)
        made.parts |= {"PostgreSQL": _pid(servers.postgres.child), "Valkey": _pid(servers.valkey.child)}
        exit_stack.callback(made.ask_to_stop)  # called first: the last one added is
        _until_ready(made)
        yield made


def start(stack: ExitStack, name: str, command: str, made: Stack, **extra: str) -> int:
    """Start one process of the application, stopped with `stack`; its process id."""
    program = Program(
        ["/bin/sh", "-c", f"exec {command}"],
        made.env | extra,
        made.servers.logs / f"{made.env['PORT']}-{name}.log",
        grace=GRACE,
    )
    child = Child(program)
    made.children.append(child)
    stack.callback(child.stop)
    child.start()
    deadline = time.monotonic() + START
    while child.pid is None and child.running and time.monotonic() < deadline:
        time.sleep(0.01)
    return _pid(child)


def _pid(child: Child) -> int:
    if child.pid is None:
        raise RuntimeError(f"a process ended with {child.exit_code} at its start: see {child.program.log}")
    return child.pid


def _environment(database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "HOME": os.environ.get("HOME", "/nonexistent"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore::UserWarning:celery.platforms",
        "FLASK_APP": "wsgi:app",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_SECRET_KEY": secrets.token_urlsafe(48),
        "HOST": HOST,
        "PORT": str(free_port()),
    }


def _until_ready(stack: Stack) -> None:
    deadline = time.monotonic() + START
    while not _answers(f"{stack.url}/readyz"):
        if time.monotonic() > deadline:
            logs = "".join(
                f"\n--- {log.name}\n{log.read_text()[-2000:]}" for log in stack.servers.logs.glob("*.log")
            )
            raise RuntimeError(f"the stack was not ready within {START:g} s{logs}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
