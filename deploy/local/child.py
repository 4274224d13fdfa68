"""A guarded child process: started, asked to stop, or killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from deploy.local.guard import children_of
from deploy.local.identity import ServiceUser
from deploy.local.places import CHECKOUT, open_log

MARGIN = 10.0  # seconds the guard gets, beyond the program's grace, to clear up


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how. `log` None means: its output is ours to read."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    user: ServiceUser | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0  # seconds
    restart: bool = False


class Child:
    """One program under its guard. Start it from the main thread: the kernel ends it when the starting thread ends."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._guard: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the guard, which starts the program; returns at once. One that still runs is stopped first."""
        self.stop()
        output = subprocess.PIPE if self.program.log is None else open_log(self.program.log)
        try:
            self._guard = subprocess.Popen(
                [sys.executable, "-m", "deploy.local.guard", *_guard_options(self.program)],
                env=dict(self.program.env),
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches us alone; we decide who stops when
            )
        finally:
            if self.program.log is not None:
                os.close(output)

    @property
    def output(self) -> IO[bytes]:
        """What the program and its guard write, when it has no log."""
        assert self._guard
        assert self._guard.stdout
        return self._guard.stdout

    @property
    def running(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Code of the program, 128 + N after signal N; None while it runs."""
        return self._guard.poll() if self._guard else None

    @property
    def pid(self) -> int | None:
        """Process id of the program itself; None when it does not run."""
        pids = children_of(self._guard.pid) if self._guard else []
        return min(pids, default=None)

    def ask_to_stop(self) -> None:
        """Begin the stop; `stop` waits for its end."""
        if self._guard and self.running:
            self._guard.terminate()

    def stop(self) -> None:
        """Stop the program and everything it started; returns when they are gone."""
        self.ask_to_stop()
        if self._guard is None:
            return
        try:
            self._guard.wait(self.program.grace + MARGIN)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        self._close()

    def kill(self) -> None:
        """SIGKILL the program and its group, as a crash does. It comes back only with `restart`."""
        if pid := self.pid:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        if self._guard and not self.program.restart:
            self._guard.wait(MARGIN)
            self._close()

    def _close(self) -> None:
        if self._guard and self._guard.stdout:
            self._guard.stdout.close()


def _guard_options(program: Program) -> list[str]:
    options = [
        f"--stop-signal={program.stop_signal.value}",
        f"--grace={program.grace}",
        f"--parent={os.getpid()}",
    ]
    if program.user:
        options += [f"--uid={program.user.uid}", f"--gid={program.user.gid}"]
    return options + ["--restart"] * program.restart + ["--", *program.argv]
