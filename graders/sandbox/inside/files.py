"""The files of a box: cleaned before each test, laid out fresh."""

from __future__ import annotations

import os

BOX = "/box"
WRITABLE = (BOX, "/tmp", "/dev/shm")  # noqa: S108 - the box's own, private ones
MAX_DEPTH = 16


class Spoiled(Exception):
    """The writable directories cannot be cleaned: this box must not serve another test."""


def clean() -> None:
    """Empty the writable directories. Raises Spoiled, or OSError, when it cannot."""
    for path in WRITABLE:
        os.chmod(path, 0o700)
        wipe(path, MAX_DEPTH)


def wipe(path: str, depth: int) -> None:
    """Empty a directory, following nothing. Raises Spoiled, or OSError, when it cannot."""
    with os.scandir(path) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            if depth == 0:
                raise Spoiled("a test left directories too deep to clean")
            os.chmod(entry.path, 0o700)
            wipe(entry.path, depth - 1)
            os.rmdir(entry.path)


def content(fd: int) -> bytes:
    """All bytes of a descriptor that the worker sent."""
    return os.pread(fd, os.fstat(fd).st_size, 0)
