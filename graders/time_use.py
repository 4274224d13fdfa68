"""What a submission used of its CPU limit: the figure that says whether a limit is too tight."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimeUse:
    """The run that needed most CPU: a test, or the tests that share a process and so a limit. Milliseconds.

    `limit_ms` is what the language has in all, which is `factor` times what the spec says in `field`.
    """

    cpu_ms: int
    wall_ms: int | None
    limit_ms: int
    field: str
    factor: float = 1.0
