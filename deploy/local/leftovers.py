"""Servers that outlived a stack which was killed together with its guards."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 10.0  # seconds
SERVERS = ("postgres", "valkey-server")


def end_servers_in(folder: Path) -> list[int]:
    """Stop the embedded servers that work in `folder` or below it, as both do; returns their process ids."""
    found = servers_in(folder)
    for signal_number in (signal.SIGINT, signal.SIGKILL):
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal_number)
        if _gone(found, PATIENCE):
            break
    return found


def servers_in(folder: Path) -> list[int]:
    """Process ids of the embedded servers whose working folder is `folder` or below it."""
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _serves(entry, folder)
    ]


def _serves(entry: Path, folder: Path) -> bool:
    try:
        program = Path(os.readlink(entry / "exe").removesuffix(" (deleted)"))
        return program.name in SERVERS and Path(os.readlink(entry / "cwd")).is_relative_to(folder.resolve())
    except OSError:  # it ended, or is not ours to look at
        return False


def _gone(pids: list[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(_alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _alive(pid: int) -> bool:
    """Whether `pid` still runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
