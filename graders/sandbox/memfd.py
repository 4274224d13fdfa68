"""Bytes as an immutable descriptor: what goes into a box cannot be changed there, not even by its owner."""

from __future__ import annotations

import fcntl
import os

MFD_EXEC = 0x10  # Linux 6.3; older kernels refuse the flag and need it not
SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


def sealed(data: bytes) -> int:
    """A new descriptor that reads `data`, may be executed and never be written. The caller closes it."""
    descriptor = _create()
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.fchmod(descriptor, 0o555)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _create() -> int:
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    try:
        return os.memfd_create("creathon", flags | MFD_EXEC)
    except OSError:
        return os.memfd_create("creathon", flags)
