"""This host: its clock, and whether it can box programs where it grades them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import text

from api.doctor.finding import Finding, Patient, broken, good
from api.doctor.redis_server import open_redis
from core.services.queues import PROGRAMS, serves
from core.services.workers import live_workers
from graders.sandbox.doctor import Layer, examine

TOLERANCE = 1.0  # seconds
SYNCHRONISE = "Keep every host's clock with chrony or systemd-timesyncd."


def check_database_clock(patient: Patient) -> Iterator[Finding]:
    """Leases and schedules are PostgreSQL's time, tokens and logs this host's. Raises SQLAlchemyError."""
    before = time.time()
    theirs = patient.session.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
    yield _compared("PostgreSQL", float(theirs or 0), before)


def check_redis_clock(patient: Patient) -> Iterator[Finding]:
    """Raises RedisError."""
    with closing(open_redis(patient.settings)) as client:
        before = time.time()
        seconds, microseconds = client.time()  # type: ignore[misc]
        yield _compared("Redis", seconds + microseconds / 1e6, before)


def check_sandbox(patient: Patient) -> Iterator[Finding]:
    """Only where a live worker grades programs on this host. Raises SQLAlchemyError."""
    if not _grades_here(patient):
        yield good("sandbox", "Not looked at: no live worker grades programs on this host.")
        return
    missing = [layer for layer in examine() if not layer.present]
    yield from (_missing(layer) for layer in missing)
    if not any(layer.required for layer in missing):
        yield good("sandbox", "Every wall that is needed stands; `python -m graders doctor` shows them.")


def _grades_here(patient: Patient) -> bool:
    here = [w for w in live_workers(patient.session) if w.name.endswith(f"@{socket.gethostname()}")]
    return any(serves(worker, queue) for worker in here for queue in PROGRAMS)


def _missing(layer: Layer) -> Finding:
    detail = f"Missing, it protects: {layer.protects}."
    if layer.required:
        return broken(f"sandbox {layer.name}", detail, layer.note)
    return good(f"sandbox {layer.name}", f"{detail} It is optional: {layer.note}.")


def _compared(whose: str, theirs: float, before: float) -> Finding:
    """The clocks differ at least so much as `theirs` lies outside the time between question and answer."""
    after = time.time()
    apart = max(before - theirs, theirs - after, 0.0)
    if apart > TOLERANCE:
        return broken("clock", f"This host and {whose} are {apart:.1f} s apart.", SYNCHRONISE)
    return good("clock", f"This host and {whose} agree within {max(apart, after - before):.3f} s.")
