"""Which Python runs inside: the host's own when it is good enough, else the one that runs us."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from graders.sandbox.runtime import others_can_reach, runtime_directory

CANDIDATES = (Path("/usr/bin/python3"), Path("/usr/local/bin/python3"))
LEFT_OUT = shutil.ignore_patterns(
    "site-packages", "test", "tests", "idlelib", "ensurepip", "config-*", "share"
)
NEEDS = (
    "import _ctypes, _signal, _socket, marshal, resource, select, sys; sys.exit(sys.version_info < (3, 9))"
)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The path of a Python; outside /usr also the directory to mount for it, and where it is mounted from."""

    path: str
    prefix: str | None = None
    source: str | None = None

    @property
    def program(self) -> str:
        """Its path on this host."""
        if self.prefix is None or self.source is None:
            return self.path
        return str(Path(self.source) / Path(self.path).relative_to(self.prefix))


@lru_cache(maxsize=1)
def inner_python() -> Interpreter:
    """The host's python3 (3.9 or newer, complete), else our own base interpreter."""
    for path in CANDIDATES:
        if path.exists() and _good_enough(path):
            return Interpreter(str(path))
    return own_python()


def own_python() -> Interpreter:
    """The interpreter that runs this process, without its virtual environment."""
    prefix = Path(sys.base_prefix).resolve()
    path = prefix / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    if prefix in (Path("/usr"), Path("/usr/local")):
        return Interpreter(str(path))
    reachable = os.geteuid() != 0 or others_can_reach(prefix)
    return Interpreter(str(path), str(prefix), str(prefix if reachable else _reachable_copy(prefix)))


def _reachable_copy(prefix: Path) -> Path:
    """Root's own Python, linked (copied where links cannot reach) to where the user of a box may read it."""
    key = sha256(f"{prefix} {sys.version} {prefix.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    target = runtime_directory() / f"python-{key}"
    if not target.is_dir():
        draft = Path(tempfile.mkdtemp(dir=runtime_directory()))
        shutil.copytree(
            prefix, draft, symlinks=True, ignore=LEFT_OUT, copy_function=_link, dirs_exist_ok=True
        )
        draft.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another worker was faster
            shutil.rmtree(draft)
    return target


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _good_enough(path: Path) -> bool:
    probe = subprocess.run(
        [path, "-I", "-S", "-c", NEEDS], capture_output=True, timeout=30, check=False, env={}
    )
    return probe.returncode == 0
