"""A private directory of this user, for what boxes must reach and for caches. Survives restarts, holds no state."""

from __future__ import annotations

import os
import stat
import tempfile
from functools import lru_cache
from pathlib import Path

from core.errors import SandboxUnavailable

COMMON_PLACES = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - a private directory is made below


@lru_cache(maxsize=1)
def runtime_directory() -> Path:
    """Ours alone to write. As root others may pass through it (boxes run as other users), not list it.

    Raises SandboxUnavailable when somebody else made it first.
    """
    path = temporary_directory() / f"creathon-{os.geteuid()}"
    mode = 0o711 if os.geteuid() == 0 else 0o700
    path.mkdir(mode=mode, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise SandboxUnavailable(f"{path} is not ours alone; remove it and start again.")
    path.chmod(mode)
    return path


def temporary_directory() -> Path:
    """Where temporary files go; as root, where other users can follow (TMPDIR may point into root's own home)."""
    usual = Path(tempfile.gettempdir())
    if os.geteuid() != 0:
        return usual
    places = [place for place in (usual, *COMMON_PLACES) if place.is_dir() and _passable(place)]
    return places[0] if places else usual


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a whole file or nothing, also when several processes do it at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    os.chmod(name, mode)
    os.replace(name, path)


def others_can_reach(path: Path) -> bool:
    """Whether a user without rights of their own may read `path`, judged by the permission bits on the way."""
    real = path.resolve()
    return _passable(real.parent) and bool(real.stat().st_mode & 0o004)


def _passable(directory: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (directory.resolve(), *directory.resolve().parents))
