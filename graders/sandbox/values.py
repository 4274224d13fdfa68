"""What a box is asked to run and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MEGABYTE = 1024 * 1024
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/go/bin", "LANG": "C.UTF-8", "HOME": "/box"}


class Stop(StrEnum):
    """Why a program was killed, when it was."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    OUTPUT = "output"
    FILES = "files"
    BUDGET = "budget"  # what all tests of a submission may take together


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits of one run: seconds, bytes, counts. `address_bytes` None leaves address space unlimited."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int
    processes: int = 64
    address_bytes: int | None = None
    stack_bytes: int = 8 * MEGABYTE  # what Linux gives everybody
    file_bytes: int = 32 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Command:
    """What to start. `script` runs in the warm interpreter; `sealed` is executed from its descriptor.

    With `results` the program may write so many bytes to a third stream, descriptor 3.
    """

    argv: tuple[str, ...]
    script: str | None = None
    sealed: str | None = None
    results: int = 0
    environment: dict[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did and used. `signal` is set when a signal ended it, else `exit_code` is."""

    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    wall_seconds: float
    peak_kb: int
    stopped: Stop | None
    failed_to_start: bool
    stdout: bytes
    stderr: bytes
    results: bytes = b""
