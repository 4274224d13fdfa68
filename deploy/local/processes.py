"""The processes of the Procfile, each under a guard that restarts it, with their output in one place."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from honcho.environ import parse_procfile

from deploy.local.child import MARGIN, Child, Program
from deploy.local.places import CHECKOUT

GRACE = 20.0  # seconds: a grading task that runs may end; a longer one is graded again after the next start
Write = Callable[[str, bytes], None]  # name of the process, one line


def procfile_commands(skip: frozenset[str] = frozenset()) -> dict[str, str]:
    """Shell commands by process name, in the order of the Procfile."""
    found = parse_procfile((CHECKOUT / "Procfile").read_text()).processes
    return {name: command for name, command in found.items() if name not in skip}


class Processes:
    """A context manager: starts them on entry, stops them all on exit. `pump` moves their output meanwhile."""

    def __init__(self, commands: Mapping[str, str], env: Mapping[str, str], write: Write) -> None:
        self._children = {name: Child(_program(command, env)) for name, command in commands.items()}
        self._write = write
        self._rest: dict[str, bytes] = {}
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Processes:
        try:
            for name in self._children:
                self._start(name)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def pump(self, seconds: float) -> None:
        """Hand on what the processes wrote within `seconds`; start those whose guard was killed."""
        for key, _ in self._selector.select(seconds):
            if not self._read(key.data, key.fd):
                self._start_again(key.data)

    def _start(self, name: str) -> None:
        self._children[name].start()
        self._selector.register(self._children[name].output, selectors.EVENT_READ, name)

    def _read(self, name: str, descriptor: int) -> bool:
        """Hand on the complete lines; False at the end of the output."""
        data = os.read(descriptor, 65536)
        *lines, self._rest[name] = (self._rest.get(name, b"") + (data or b"\n")).split(b"\n")
        for line in lines:
            if line:
                self._write(name, line)
        return bool(data)

    def _start_again(self, name: str) -> None:
        """The guard itself is gone, which only a kill -9 does; its program was ended with it."""
        self._selector.unregister(self._children[name].output)
        self._children[name].stop()
        self._start(name)

    def _stop(self) -> None:
        for child in self._children.values():
            child.ask_to_stop()
        self._drain()
        for child in self._children.values():
            child.stop()
        self._selector.close()

    def _drain(self) -> None:
        """Read until all have closed their output, since a full pipe would keep them from ending."""
        deadline = time.monotonic() + GRACE + MARGIN
        while self._selector.get_map() and time.monotonic() < deadline:
            for key, _ in self._selector.select(0.2):
                if not self._read(key.data, key.fd):
                    self._selector.unregister(key.fileobj)


@contextmanager
def logged_processes(commands: Mapping[str, str], env: Mapping[str, str], logs: Path) -> Iterator[None]:
    """The processes while the block runs, each with its output in a file of `logs`."""
    children = [Child(_program(command, env, logs / f"{name}.log")) for name, command in commands.items()]
    try:
        for child in children:
            child.start()
        yield
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()


def _program(command: str, env: Mapping[str, str], log: Path | None = None) -> Program:
    return Program(argv=["/bin/sh", "-c", f"exec {command}"], env=env, log=log, grace=GRACE, restart=True)
