"""Memory and process limits of a whole box, where this host lets us make control groups.

Version 2 when its hierarchy is writable and offers `memory` and `pids`, else version 1. Where neither is, a
box still works: rlimits bind each process, and the supervisor adds the processes up.
"""

from __future__ import annotations

import itertools
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from graders.sandbox.values import MEGABYTE, Allowance

log = logging.getLogger(__name__)

ROOT = Path("/sys/fs/cgroup")
PARENT = "creathon"
V1_CONTROLLERS = ("memory", "pids")
SUPERVISOR_BYTES = 32 * MEGABYTE  # its own memory, and its files'
SUPERVISOR_PROCESSES = 3  # bubblewrap twice and the supervisor
REMOVE_SECONDS = 2.0
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Where groups are made: the parents of the memory and of the pids controller (one and the same in version 2)."""

    version: int
    memory: Path
    pids: Path

    def describe(self) -> str:
        return f"version {self.version}: {self.memory}"

    @property
    def parents(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys((self.memory, self.pids)))


class Group:
    """The control group of one box. What fails here is logged: the other limits still hold."""

    def __init__(self, where: Hierarchy) -> None:
        """Make the group. Raises OSError."""
        self._name = f"{os.getpid()}-{next(_numbers)}"
        self._memory, self._pids = where.memory / self._name, where.pids / self._name
        self._paths = tuple(parent / self._name for parent in where.parents)
        old = where.version == 1
        self._limit = self._memory / ("memory.limit_in_bytes" if old else "memory.max")
        self._events = self._memory / ("memory.oom_control" if old else "memory.events")
        self._allowed: tuple[int, int] | None = None
        self._kills = 0
        for path in self._paths:
            path.mkdir()
        self._reading = os.open(
            self._events, os.O_RDONLY | os.O_CLOEXEC
        )  # kept open: it is read after each test

    def adopt(self, pid: int) -> None:
        """Take in a process and its descendants, those that are not in yet.

        Once when a box starts (what it forks later is then in by birth), and once before it runs any program,
        so that nothing slips out. Moving one takes the kernel 15 ms when it did not just move another.
        """
        try:
            members = descendants(pid)
            for path in self._paths:
                inside = (path / "cgroup.procs").read_text().split()
                for member in members:
                    if str(member) not in inside:
                        (path / "cgroup.procs").write_text(str(member))
        except OSError as error:
            log.warning("a box stays outside its control group: %s", error)

    def allow(self, allowed: Allowance) -> None:
        """Set the limits of the next run."""
        wanted = (allowed.memory_bytes + SUPERVISOR_BYTES, allowed.processes + SUPERVISOR_PROCESSES)
        if wanted == self._allowed:
            return
        try:
            self._limit.write_text(str(wanted[0]))
            (self._pids / "pids.max").write_text(str(wanted[1]))
        except OSError as error:
            log.warning("a control group refuses its limits: %s", error)
        self._allowed = wanted

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel killed something for memory since the last call."""
        before = self._kills
        with suppress(OSError, StopIteration):
            lines = os.pread(self._reading, 4096, 0).splitlines()
            self._kills = next(int(line.split()[1]) for line in lines if line.startswith(b"oom_kill "))
        return self._kills > before

    def close(self) -> None:
        """Let go of the group without removing it: in a forked child it is the parent's."""
        if self._reading >= 0:
            os.close(self._reading)
            self._reading = -1

    def remove(self) -> None:
        """Remove the group; the last processes may take a moment to leave it."""
        self.close()
        deadline = time.monotonic() + REMOVE_SECONDS
        for path in self._paths:
            while not _removed(path) and time.monotonic() < deadline:
                time.sleep(0.01)


def new_group() -> Group | None:
    """A group for one box, or None where this host gives none."""
    where = hierarchy()
    if where is None:
        return None
    try:
        return Group(where)
    except OSError as error:
        log.warning("no control group for a box: %s", error)
        return None


def descendants(pid: int) -> list[int]:
    """A process and all below it."""
    return [pid, *(member for child in children(pid) for member in descendants(child))]


def children(pid: int) -> list[int]:
    """The children of a process, of all its threads; none when it is gone."""
    found: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


@lru_cache(maxsize=1)
def hierarchy() -> Hierarchy | None:
    """Where this process may make groups, tried for real once per process; None when nowhere."""
    for where in (*_version_2(), _version_1()):
        if where and _usable(where):
            _sweep(where)
            return where
    return None


def sweep() -> None:
    """Remove the empty groups of processes that were killed. A worker goes on when one of its processes dies."""
    if where := hierarchy():
        with suppress(OSError):
            _sweep(where)


def _version_2() -> list[Hierarchy | None]:
    """Our own group, or the one above it (systemd's DelegateSubgroup puts services one level down)."""
    if not (ROOT / "cgroup.controllers").exists():
        return []
    own = ROOT / Path("/proc/self/cgroup").read_text().rpartition("::")[2].strip().lstrip("/")
    return [_delegated(place) for place in (own, own.parent) if place.is_relative_to(ROOT)]


def _delegated(place: Path) -> Hierarchy | None:
    parent = place / PARENT
    try:
        parent.mkdir(exist_ok=True)
        for directory in (place, parent):
            (directory / "cgroup.subtree_control").write_text("+memory +pids")
    except OSError:
        with suppress(OSError):
            parent.rmdir()
        return None
    return Hierarchy(2, parent, parent)


def _version_1() -> Hierarchy | None:
    memory, pids = (_own_version_1(controller) / PARENT for controller in V1_CONTROLLERS)
    try:
        memory.mkdir(exist_ok=True)
        pids.mkdir(exist_ok=True)
    except OSError:
        return None
    return Hierarchy(1, memory, pids)


def _own_version_1(controller: str) -> Path:
    """Below our own group, so that its limits go on to hold; the top where a container hides the way."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        own = ROOT / controller / path.lstrip("/")
        if controller in controllers.split(",") and own.is_dir():
            return own
    return ROOT / controller


def _usable(where: Hierarchy) -> bool:
    try:
        Group(where).remove()
    except OSError:
        return False
    return True


def _sweep(where: Hierarchy) -> None:
    """Remove the empty groups of workers that were killed."""
    for parent in where.parents:
        for path in parent.iterdir():
            pid = path.name.partition("-")[0]
            if pid.isdigit() and not Path("/proc", pid).exists():
                _removed(path)


def _removed(path: Path) -> bool:
    try:
        path.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
