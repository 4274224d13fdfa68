"""Commands of the local stack run in a copy of the project."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.clean import clean
from deploy.local.ports import free_port
from tests.support.processes import wait_until


@dataclass
class Checkout:
    """Runs the commands of the copy."""

    path: Path
    # Of its own: two copies that start at once would both take the usual one.
    port: int = field(default_factory=free_port)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def var(self) -> Path:
        return self.path / "var"

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            self._command(arguments),
            cwd=self.path,
            env=self.env(**env),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        """One command in the background; its output goes to the file `output`."""
        with (self.path / "output").open("a") as output:
            process = subprocess.Popen(
                self._command(arguments),
                cwd=self.path,
                env=self.env(**env),
                stdout=output,
                stderr=output,
                text=True,
            )
        self.started.append(process)
        return process

    @property
    def output(self) -> str:
        """What the started commands have written."""
        return (self.path / "output").read_text()

    def processes(self) -> list[int]:
        """Ids of the processes that work in this copy."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _works_in(entry, self.path):
                found.append(int(entry.name))
        return found

    def crash(self) -> None:
        """End everything at once. The guards stay, to see to it that nothing is left."""
        for process in self.started:
            process.kill()
            process.wait()
        for pid in self.processes():
            with suppress(OSError):  # it has ended meanwhile
                if b"deploy.local.guard" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """Stop what was started and remove the data."""
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(60)
        wait_until(lambda: not self.processes(), "the copy's processes are gone")
        clean(self.var)

    def env(self, **extra: str) -> dict[str, str]:
        """Of every command: nothing of ours but where programs are."""
        known = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
        return {**known, "PORT": str(self.port), **extra}

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "deploy.local", *arguments]


def _works_in(entry: Path, folder: Path) -> bool:
    try:
        running = (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
        return running and Path(os.readlink(entry / "cwd")).is_relative_to(folder)
    except OSError:
        return False
