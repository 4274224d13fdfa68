"""What this host offers for running a stranger's program, layer by layer, found out by trying."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import SandboxUnavailable
from graders.sandbox.box import Box
from graders.sandbox.bwrap import bwrap_path
from graders.sandbox.cgroups import hierarchy
from graders.sandbox.identity import lend_identity
from graders.sandbox.seccomp import filter_program
from graders.sandbox.walls import WALLS, missing_walls

USER_NAMESPACES = (
    "Allow unprivileged user namespaces: sysctl user.max_user_namespaces=10000, "
    "on Debian also kernel.unprivileged_userns_clone=1, "
    "on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; in a container its seccomp profile too."
)


@dataclass(frozen=True, slots=True)
class Layer:
    """One protection: whether it stands, what it protects from, and what was found or how to get it."""

    name: str
    present: bool
    protects: str
    note: str
    required: bool = True

    def line(self) -> str:
        """One line for a terminal."""
        state = "present" if self.present else ("MISSING" if self.required else "missing (optional)")
        note = f" [{self.note}]" if self.note else ""
        return f"{self.name}: {state}. Protects: {self.protects}.{note}"


def examine() -> list[Layer]:
    """Every layer of this host, tried for real."""
    return [
        _tried("bubblewrap", "everything below; it builds the box", bwrap_path),
        _tried("seccomp library", "the kernel, by a filter of system calls", _filter),
        _tried("unprivileged user", "limits and files of root; one user per box", _user),
        *_walls(),
        Layer("rlimits", True, "CPU, address space, file size, processes and descriptors of one process", ""),
        _cgroups(),
    ]


def _tried(name: str, protects: str, attempt: Callable[[], str]) -> Layer:
    try:
        return Layer(name, True, protects, attempt())
    except SandboxUnavailable as error:
        return Layer(name, False, protects, error.message)


def _filter() -> str:
    return f"{len(filter_program()) // 8} instructions"


def _user() -> str:
    identity = lend_identity()
    identity.close()
    return f"uid {os.geteuid() if identity.uid is None else identity.uid}"


def _walls() -> list[Layer]:
    try:
        missing = _missing_in_a_box()
    except SandboxUnavailable as error:
        note = f"{error.message} {USER_NAMESPACES}"
        return [Layer(name, False, protects, note) for name, protects in WALLS.items()]
    return [Layer(name, name not in missing, protects, "") for name, protects in WALLS.items()]


def _missing_in_a_box() -> list[str]:
    box = Box()
    try:
        return missing_walls(box.greet())
    finally:
        box.kill()
        box.finish(wait=True)


def _cgroups() -> Layer:
    protects = "this host's memory and process table, counted for the whole box"
    found = hierarchy()
    if found is None:
        note = "run as root, or delegate a cgroup v2 subtree with memory and pids; without: each process is limited"
        return Layer("cgroups", False, protects, note, required=False)
    return Layer("cgroups", True, protects, found.describe(), required=False)
