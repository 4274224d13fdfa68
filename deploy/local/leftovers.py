"""Servers that outlived a stack which was killed together with its guards."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 10.0  # seconds


def end_processes_in(folder: Path) -> list[int]:
    """Stop the processes whose working folder is `folder` or inside it; returns their ids.

    Both embedded servers work in their data folder, so this finds ours and nobody else's.
    """
    found = processes_in(folder)
    for signal_number in (signal.SIGINT, signal.SIGKILL):
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal_number)
        if _gone(found, PATIENCE):
            break
    return found


def processes_in(folder: Path) -> list[int]:
    """Ids of the processes whose working folder is `folder` or inside it, zombies excepted."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it ended, or is not ours to look at
                if Path(os.readlink(entry / "cwd")).is_relative_to(folder.resolve()):
                    found.append(int(entry.name))
    return found


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
