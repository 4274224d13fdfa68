"""What an examination finds, and the patient that it examines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from core.settings import Settings


class State(StrEnum):
    """FAILED: Creathon does not work, or will lose or endanger something. A warning needs a look."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `mend` says what to do where something is wrong."""

    check: str
    state: State
    detail: str
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation, as it is reached from this host."""

    settings: Settings
    session: Session


Check = Callable[[Patient], Iterator[Finding]]


def good(check: str, detail: str) -> Finding:
    """It is as it should be."""
    return Finding(check, State.OK, detail)


def doubtful(check: str, detail: str, mend: str) -> Finding:
    """It works, but somebody should look at it."""
    return Finding(check, State.WARNING, detail, mend)


def broken(check: str, detail: str, mend: str) -> Finding:
    """It does not work, or not safely."""
    return Finding(check, State.FAILED, detail, mend)
