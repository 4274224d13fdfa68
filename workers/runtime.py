"""What a worker process holds: its sessions and its two doors. Made after the fork, never shared across it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import Any

from celery import signals
from sqlalchemy.orm import Session, sessionmaker

from core.bus import RedisBus
from core.db import make_engine, session_factory
from core.flusher import start_flusher, stop_flusher
from core.outbox import Ports
from core.queue import CeleryQueue
from core.settings import get_settings
from core.tallies import SANDBOX_START, TALLIES
from core.telemetry import start_telemetry, stop_telemetry
from graders.sandbox.pool import watch_starts

# A grading process uses one connection for its transactions and one for renewing its lease.
POOL = {"pool_size": 2, "max_overflow": 2}
# The rows of a batch of verdicts are updated in one round trip.
BATCHES = {"executemany_mode": "values_plus_batch"}


@dataclass(frozen=True, slots=True)
class Runtime:
    """Sessions are short: none is open while a sandbox runs."""

    sessions: sessionmaker[Session]
    ports: Ports


_runtime: Runtime | None = None
_inherited: list[Runtime] = []  # a parent's, kept so that nothing of it is closed here


def runtime() -> Runtime:
    """The runtime of this process, whose figures go to the database from now on."""
    global _runtime
    if _runtime is None:
        _runtime = _open()
    return _runtime


def _open() -> Runtime:
    settings = get_settings()
    engine = make_engine(settings.database_url, **POOL, **BATCHES)
    sessions = session_factory(engine)
    start_flusher(sessions)
    watch_starts(partial(TALLIES.observe, SANDBOX_START))
    return Runtime(sessions, Ports(CeleryQueue(), RedisBus(settings.redis_url)))


@signals.worker_process_init.connect
def _begin(**_: Any) -> None:
    start_telemetry(get_settings(), "worker")


@signals.worker_process_shutdown.connect
def _end(**_: Any) -> None:
    stop_flusher()
    stop_telemetry()


def _forget() -> None:
    """A pool process that starts late is forked from a parent with a runtime: its connections are not ours."""
    global _runtime
    if _runtime is not None:
        _inherited.append(_runtime)
    _runtime = None


os.register_at_fork(after_in_child=_forget)
