"""One stack per checkout. The kernel releases the lock however its holder ends, so a crash never blocks a start."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.places import read_json, write_private

LOCK = "lock"
NOTE = "running.json"
PATIENCE = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Running:
    """What the holder of the lock tells the other commands. `env` holds secrets."""

    pid: int
    command: str
    env: dict[str, str]


class AlreadyRunningError(Exception):
    """Another command of this checkout runs the servers."""


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the lock of `var` while the block runs. Raises AlreadyRunningError."""
    descriptor = _open(var)
    try:
        _take(descriptor)
        (var / NOTE).unlink(missing_ok=True)  # of a stack that crashed
        yield
        (var / NOTE).unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def is_held(var: Path) -> bool:
    """Whether some command holds the lock now."""
    if not (var / LOCK).exists():
        return False
    descriptor = _open(var)
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def announce(var: Path, command: str, env: dict[str, str]) -> None:
    """Tell the other commands that the servers are up and how to reach them."""
    write_private(var / NOTE, json.dumps(asdict(Running(os.getpid(), command, env))))


def running(var: Path) -> Running | None:
    """The stack that runs now; None when there is none or it is not ready yet."""
    note = read_json(var / NOTE) if is_held(var) else {}
    return Running(**note) if note else None


def _open(var: Path) -> int:
    return os.open(var / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _take(descriptor: int) -> None:
    """Try for a moment: another command may be looking whether the lock is held."""
    deadline = time.monotonic() + PATIENCE
    while not _try_lock(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            raise AlreadyRunningError
        time.sleep(0.05)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
