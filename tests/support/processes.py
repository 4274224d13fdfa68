"""Real processes of the application for a test: started, frozen, killed, and their logs kept."""

from __future__ import annotations

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.child import Child, Program
from deploy.local.ports import free_port
from deploy.local.processes import procfile_commands

PATIENCE = 60.0  # seconds; only a broken process takes as long


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Return as soon as `condition()` is true; fail, naming `what`, when it never is."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain until {what}"
        time.sleep(0.05)


class AppProcess:
    """One process of the Procfile under a guard. `ready` tells whether it has started up."""

    def __init__(self, name: str, program: Program) -> None:
        self.name = name
        self.env = program.env
        self._program = program
        self._child = Child(program)

    def start(self) -> None:
        """Start it, also again after a stop or a kill, and wait until it is ready."""
        self._child = Child(self._program)
        seen = len(self.log)
        self._child.start()
        wait_until(lambda: not self.running or self.ready(self.log[seen:]), f"{self.name} is ready")
        assert self.running, (
            f"{self.name} ended with code {self._child.exit_code} while starting:\n{self.log[seen:]}"
        )

    def ready(self, log: str) -> bool:
        """Whether what it has logged since its start shows that it is ready."""
        return bool(log)

    def stop(self) -> None:
        """Ask it to end, as a supervisor does, and wait until it has."""
        self._child.stop()

    def kill(self) -> None:
        """SIGKILL, with its pool processes, as the machine's end would."""
        self._child.kill()

    def freeze(self) -> None:
        """Stop all its processes without their noticing, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def exit_code(self) -> int | None:
        return self._child.exit_code

    @property
    def pid(self) -> int:
        """Of the process itself, not of its guard."""
        pid = self._child.pid
        assert pid is not None, f"{self.name} does not run"
        return pid

    @property
    def log(self) -> str:
        """All it has written, over all its starts."""
        path = self._program.log
        return path.read_text(errors="replace") if path and path.exists() else ""

    def _signal(self, number: signal.Signals) -> None:
        os.killpg(self.pid, number)


class WebProcess(AppProcess):
    """The web server; `url` is its address."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"

    def ready(self, log: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class WorkerProcess(AppProcess):
    """A Celery worker."""

    def ready(self, log: str) -> bool:
        return " ready." in log


@dataclass
class ProcessFactory:
    """Makes processes of one kind; all it made are stopped by `stop_all`."""

    name: str
    kind: type[AppProcess]
    env: Mapping[str, str]
    logs: Path
    made: list[AppProcess] = field(default_factory=list)

    def __call__(self, **extra: str) -> AppProcess:
        """A started process; `extra` is added to its environment."""
        number = len(self.made) + 1
        env = {**self.env, "PORT": str(free_port()), "WORKER_NAME": f"{self.name}{number}", **extra}
        command = procfile_commands()[self.name]
        log = self.logs / f"{self.name}{number}.log"
        process = self.kind(f"{self.name}{number}", Program(["/bin/sh", "-c", f"exec {command}"], env, log))
        self.made.append(process)
        process.start()
        return process

    def stop_all(self) -> None:
        """At once: a worker's polite end takes seconds, and tests of that ask for it themselves."""
        for process in self.made:
            if process.running:
                process.kill()
            process.stop()
