"""Waiting for a server to answer, or to give up."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.child import Child
from deploy.local.errors import StackError

START_SECONDS = 60.0
TAIL_LINES = 15


def wait_until_ready(name: str, child: Child, answers: Callable[[], bool]) -> None:
    """Return when `answers()` is true. Raises StackError with the end of the log when that does not happen."""
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if not child.running:
            raise StackError(
                f"{name} ended with code {child.exit_code} while starting.{_tail(child.program.log)}"
            )
        if time.monotonic() > deadline:
            child.stop()
            raise StackError(f"{name} did not answer within {START_SECONDS:g} s.{_tail(child.program.log)}")
        time.sleep(0.02)


def _tail(log: Path | None) -> str:
    if log is None or not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    return "\n".join([f" The end of {log}:", *(f"  {line}" for line in lines)])
