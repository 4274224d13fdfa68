"""Which Python runs inside: the host's own when it is good enough, else the one that runs us."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CANDIDATES = (Path("/usr/bin/python3"), Path("/usr/local/bin/python3"))
NEEDS = "import ctypes, json, resource, select, sys; sys.exit(sys.version_info < (3, 9))"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The path of a Python, and the directory that must be mounted for it when it lies outside /usr."""

    path: str
    prefix: str | None = None


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
    return Interpreter(str(path), None if prefix in (Path("/usr"), Path("/usr/local")) else str(prefix))


def _good_enough(path: Path) -> bool:
    probe = subprocess.run(
        [path, "-I", "-S", "-c", NEEDS], capture_output=True, timeout=30, check=False, env={}
    )
    return probe.returncode == 0
