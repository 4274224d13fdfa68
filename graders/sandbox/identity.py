"""Which user a box runs as. A worker that is root lends each concurrent box an unprivileged uid of its own.

Root would defeat RLIMIT_NPROC and start bubblewrap with privileges; a shared uid would let boxes count
against each other's limits. A plain user can become nobody else and needs not to.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import SandboxUnavailable

PREFERRED_FIRST = (
    0x70000000  # a range that no distribution hands out: systemd's UIDS-GIDS.md lists it as unused
)
RANGE = 4096


@dataclass(frozen=True, slots=True)
class Identity:
    """A uid (and gid) on loan; None means: stay who we are. Closing gives it back, as does our death."""

    uid: int | None
    lock: socket.socket | None = None

    def close(self) -> None:
        if self.lock is not None:
            self.lock.close()


def lend_identity() -> Identity:
    """An identity that no other box of this host uses now. Raises SandboxUnavailable when all are lent."""
    if os.geteuid() != 0:
        return Identity(None)
    for uid in _candidates():
        if lock := _lock(uid):
            return Identity(uid, lock)
    raise SandboxUnavailable(f"All {RANGE} user ids for boxes are in use; are old boxes still running?")


def stepping_down(uid: int | None) -> tuple[tuple[str, ...], dict[str, Any]]:
    """What goes before a command, and into Popen, so that it runs as that user.

    Popen can do it alone, but only by a fork that copies the whole worker's page tables; with `setpriv` it can vfork,
    which takes a fifth of the time and does not disturb the submission that runs meanwhile.
    """
    if uid is None:
        return (), {}
    if setpriv := _setpriv():
        return (setpriv, f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--"), {}
    return (), {"user": uid, "group": uid, "extra_groups": []}


@lru_cache(maxsize=1)
def _setpriv() -> str | None:
    """The one of util-linux; others cannot change the user."""
    found = shutil.which("setpriv", path=os.defpath)
    tried = ("--reuid=65534", "--regid=65534", "--clear-groups", "--", "true")
    if found and subprocess.run([found, *tried], capture_output=True, check=False).returncode == 0:
        return found
    return None


def _candidates() -> Iterator[int]:
    first = first_uid()
    start = os.getpid() * 16 % RANGE
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    yield from (uid for i in range(RANGE) if (uid := first + (start + i) % RANGE) not in taken)


def first_uid() -> int:
    """The start of our range: the preferred one when this user namespace maps it, else the end of the largest."""
    spans = [
        (int(inside), int(inside) + int(length))
        for inside, _, length in (
            line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()
        )
    ]
    if any(low <= PREFERRED_FIRST < high - RANGE for low, high in spans):
        return PREFERRED_FIRST
    low, high = max(spans, key=lambda span: span[1] - span[0])
    if high - low < 2 * RANGE:
        raise SandboxUnavailable(
            "This container maps too few user ids for root to step down; run as a plain user."
        )
    return high - 2 * RANGE  # the last ids of a map are often `nobody` and friends


def _lock(uid: int) -> socket.socket | None:
    """An abstract socket name is a lock that the kernel frees when its holder dies, and leaves no file."""
    lock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        lock.bind(f"\0creathon-box-{uid}")
    except OSError:
        lock.close()
        return None
    return lock
