"""Every process that the stack had, and what is left of them when it has stopped."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from graders.sandbox.cgroups import descendants, hierarchy
from tests.chaos.stack import MARK

INTERVAL = 0.5
PATIENCE = 5.0  # seconds: killed processes need a moment to be gone


class Census:
    """Notes the stack's processes while it runs: those with its mark, and the boxes below them, which hide it."""

    def __init__(self, mark: str) -> None:
        self._mark = f"{MARK}={mark}".encode()
        self._seen: set[tuple[int, str]] = set()  # process id and when it was born
        self._parents = where.parents if (where := hierarchy()) else ()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="census", daemon=True)
        self._thread.start()

    def processes_left(self) -> list[str]:
        """Command lines of those that still run. Call it when the stack has stopped."""
        self._stopping.set()
        self._thread.join()
        deadline = time.monotonic() + PATIENCE
        while (left := self._alive()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return [f"{pid} {_command(pid)}" for pid in left]

    def groups_left(self) -> list[str]:
        """Control groups of boxes whose worker is gone."""
        deadline = time.monotonic() + PATIENCE
        while (left := self._groups()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def _run(self) -> None:
        while not self._stopping.wait(INTERVAL):
            self._note()

    def _note(self) -> None:
        for marked in self._marked():
            for pid in descendants(marked):
                if born := _born(pid):
                    self._seen.add((pid, born))

    def _marked(self) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and self._mark in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
        return found

    def _alive(self) -> list[int]:
        known = [pid for pid, born in self._seen if _born(pid) == born]
        return sorted({*known, *self._marked()})

    def _groups(self) -> list[str]:
        found, ours = [], {pid for pid, _ in self._seen}
        for parent in self._parents:
            with suppress(OSError):
                found += [str(path) for path in parent.iterdir() if _owner(path) in ours]
        return sorted(found)


def _owner(group: Path) -> int:
    """The process that made a control group, which is named after it; 0 for other names."""
    number = group.name.partition("-")[0]
    return int(number) if number.isdigit() else 0


def _born(pid: int) -> str:
    """When the process started, in ticks; "" for one that is gone or a zombie."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return fields[19] if fields[0] != "Z" else ""
    return ""


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:120]
    return ""
