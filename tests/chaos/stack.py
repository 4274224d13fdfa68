"""The real application under its supervisors: every process of the Procfile, workers in two sets."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis

from deploy.local.child import Child, Program
from deploy.local.guard import children_of
from deploy.local.ports import free_port
from deploy.local.processes import GRACE, procfile_commands
from tests.support.servers import Servers

SETS = 2
MARK = "CREATHON_CHAOS"
NAME = re.compile(r"\$\{(\w+_NAME):-")  # the variable that names a worker in the Procfile
PLAIN_CELERY = "ignore::UserWarning:celery.platforms"


@dataclass
class Stack:
    """The two servers and, by name, the processes. Start and kill from the main thread, which the guards follow."""

    servers: Servers
    env: Mapping[str, str]
    logs: Path
    mark: str = field(default_factory=lambda: secrets.token_hex(16))
    children: dict[str, Child] = field(default_factory=dict)
    workers: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"

    @property
    def temporary(self) -> Path | None:
        """The temporary folder of its processes, where they have one of their own."""
        return Path(self.env["TMPDIR"]) if "TMPDIR" in self.env else None

    def start(self) -> None:
        """Start every process; returns at once."""
        for name, command in procfile_commands().items():
            is_worker = "celery" in command
            for number in range(1, SETS + 1) if is_worker else (1,):
                self._start(f"{name}{number}", command, is_worker)

    def _start(self, name: str, command: str, is_worker: bool) -> None:
        env = {**self.env, MARK: self.mark, **dict.fromkeys(NAME.findall(command), name)}
        argv = ["/bin/sh", "-c", f"exec {command}"]
        child = Child(Program(argv, env, self.logs / f"{name}.log", grace=GRACE, restart=True))
        self.children[name] = child
        if is_worker:
            self.workers.append(name)
        child.start()

    def stop(self) -> None:
        """Ask all to end, as an operator does, and wait until they have."""
        for child in self.children.values():
            child.ask_to_stop()
        for child in self.children.values():
            child.stop()

    def named(self, process: str) -> list[str]:
        """The running copies of a process of the Procfile."""
        return [name for name in self.children if name.rstrip("0123456789") == process]

    def kill(self, name: str) -> None:
        """SIGKILL the process and its group. Its guard starts it again."""
        self.children[name].kill()

    def kill_pool_process(self, name: str, number: int) -> bool:
        """SIGKILL one of a worker's grading processes; False when it has none just now."""
        pids = [pid for pid in children_of(self.children[name].pid or 0) if _is_celery(pid)]
        if pids:
            with suppress(ProcessLookupError):
                os.kill(pids[number % len(pids)], signal.SIGKILL)
        return bool(pids)

    def freeze(self, name: str) -> int:
        """Stop all processes of a worker without their noticing; returns the group to thaw."""
        group = self.children[name].pid
        assert group is not None, f"{name} does not run"
        os.killpg(group, signal.SIGSTOP)
        return group

    def thaw(self, group: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGCONT)

    def answers(self) -> bool:
        """Whether the API is alive."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.servers.valkey.url, socket_timeout=5)

    def empty_valkey(self) -> None:
        """Remove the data of a Valkey that does not run."""
        for path in (self.servers.valkey.home.path / "valkey").iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def temporary_folder() -> Iterator[str]:
    """A folder for the sandboxes that only this run uses. Boxes run as other users: they must reach it."""
    path = Path(tempfile.mkdtemp(prefix="creathon-chaos-"))
    path.chmod(0o711)
    try:
        yield str(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


def stack_env(settings_env: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The environment of the processes, with a port of their own."""
    env = {**settings_env, "PORT": str(free_port()), "PYTHONWARNINGS": PLAIN_CELERY, **more}
    env.pop("WORKER_QUEUES", None)  # each serves what the Procfile says
    return env


def _is_celery(pid: int) -> bool:
    with suppress(OSError):
        return b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
