"""The walls of a box, checked on every box before it is trusted with a program."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

NAMESPACES = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
WALLS = {
    "user namespace": "root inside would be root outside",
    "pid namespace": "other processes of this host; and nothing survives the box",
    "mnt namespace": "the files of this host",
    "net namespace": "the network and this host's own services",
    "ipc namespace": "shared memory and queues of other programs",
    "uts namespace": "the name of this host",
    "cgroup namespace": "what runs beside the box",
    "capabilities dropped": "the privileges of root, even inside",
    "no_new_privs": "programs that gain rights when started (setuid)",
    "seccomp filter": "the kernel calls that attacks use",
    "supervisor out of reach": "verdicts: the process that measures cannot be traced, read or killed",
}


def missing_walls(hello: Mapping[str, Any]) -> list[str]:
    """The walls (see WALLS) that a box's own report does not show."""
    status, spaces = hello["status"], hello["namespaces"]
    standing = {
        **{f"{n} namespace": spaces[n] != os.stat(f"/proc/self/ns/{n}").st_ino for n in NAMESPACES},
        "capabilities dropped": status["CapEff"].strip("0") == "" == status["CapBnd"].strip("0"),
        "no_new_privs": status["NoNewPrivs"] == "1",
        "seccomp filter": status["Seccomp"] == "2",
        "supervisor out of reach": hello["pid"] == 1 and hello["hidden"] is True,
    }
    return [name for name in WALLS if not standing[name]]
