"""What the living processes of a box use, and what the box itself is."""

from __future__ import annotations

import _ctypes  # `ctypes` itself costs 3 ms a box
import os
import sys
import time

from .files import WRITABLE

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs each fork 0.1 ms of page tables
    from typing import Any

PR_SET_DUMPABLE = 4
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
NAMESPACES = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")

PRCTL = _ctypes.dlsym(_ctypes.dlopen(None, os.RTLD_NOW), "prctl")  # type: ignore[arg-type]


def set_dumpable(yes: bool) -> bool:
    """Whether other processes of the same user may trace this one and read its memory."""
    return bool(_ctypes.call_function(PRCTL, (PR_SET_DUMPABLE, int(yes), 0, 0, 0)) == 0)


def hello() -> dict[str, Any]:
    """What this box is, for the worker to check before it trusts it."""
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    return {
        "pid": os.getpid(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "address_kb": int(status["VmSize"].split()[0]),
        "status": {
            name: status.get(name, "").strip() for name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp")
        },
        "namespaces": {kind: os.stat("/proc/self/ns/" + kind).st_ino for kind in NAMESPACES},
        "hidden": set_dumpable(False),  # last: from here on our own /proc entries belong to root
    }


def usage(pid: int, shared: bool) -> tuple[float, int]:
    """CPU seconds (its ended children included) and kilobytes of a living process; zeros when it is gone."""
    try:
        cpu = time.clock_gettime((~pid << 3) | 2)  # CPUCLOCK_SCHED of the process: no rounding to ticks
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return cpu + (int(fields[13]) + int(fields[14])) / TICK, memory_kb_of(pid, int(fields[21]), shared)
    except (OSError, ValueError, IndexError):
        return 0.0, 0


def memory_kb_of(pid: int, pages: int, shared: bool) -> int:
    """Resident kilobytes; of pages that several processes share, this one's part only."""
    if shared:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):  # it made itself undumpable: then it pays in full
            pass
    return pages * PAGE // 1024


def written() -> tuple[int, int]:
    """Kilobytes and inodes in the writable directories; these are memory too."""
    kilobytes = inodes = 0
    for path in WRITABLE:
        found = os.statvfs(path)
        kilobytes += (found.f_blocks - found.f_bfree) * found.f_frsize // 1024
        inodes += found.f_files - found.f_ffree
    return kilobytes, inodes
