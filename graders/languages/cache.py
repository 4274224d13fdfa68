"""Compiled programs by content: the same source, compiler and flags never compile twice on this host.

Files of this user alone, written whole or not at all, so any number of workers share them. What was not used
for longest goes first when they grow too large. A cache that cannot be written is only slow.
"""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from graders.languages.base import Language
from graders.sandbox.runtime import runtime_directory, write_atomically
from graders.sandbox.values import ENVIRONMENT

log = logging.getLogger(__name__)

MAX_TOTAL = 512 * 1024 * 1024


def build_key(language: Language, source: bytes) -> str:
    """What decides what a compiler makes of a source."""
    parts = [language.name, *(language.compile or ()), toolchain(language), language.artifact or ""]
    return sha256("\0".join(parts).encode() + b"\0" + source).hexdigest()


def toolchain(language: Language) -> str:
    """Changes when the compiler is replaced; cheaper than asking it for its version."""
    path = shutil.which(language.version[0], path=ENVIRONMENT["PATH"]) if language.compile else None
    if path is None:
        return "absent"
    found = Path(path).resolve().stat()
    return f"{Path(path).resolve()} {found.st_size} {found.st_mtime_ns}"


def recall(key: str) -> bytes | None:
    """The program of that key, or None."""
    path = _directory() / key
    try:
        data = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return data


def remember(key: str, program: bytes) -> None:
    """Keep a program; makes room when there is too little."""
    try:
        write_atomically(_directory() / key, program)
        _make_room()
    except OSError as error:
        log.warning("the cache of compiled programs cannot be written: %s", error)


def _directory() -> Path:
    path = runtime_directory() / "builds"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _make_room() -> None:
    kept: list[tuple[float, int, Path]] = []
    for path in _directory().iterdir():
        with suppress(FileNotFoundError):  # another worker makes room too
            found = path.stat()
            kept.append((found.st_mtime, found.st_size, path))
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= MAX_TOTAL:
            return
        path.unlink(missing_ok=True)
        total -= size
