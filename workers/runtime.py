"""What a worker process holds: its sessions and its two doors. Made after the fork, never shared across it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session, sessionmaker

from core.bus import RedisBus
from core.db import make_engine, session_factory
from core.outbox import Ports
from core.queue import CeleryQueue
from core.settings import get_settings

# A grading process uses one connection for its transactions and one for renewing its lease.
POOL = {"pool_size": 2, "max_overflow": 2}


@dataclass(frozen=True, slots=True)
class Runtime:
    """Sessions are short: none is open while a sandbox runs."""

    sessions: sessionmaker[Session]
    ports: Ports


@lru_cache(maxsize=1)
def runtime() -> Runtime:
    """The runtime of this process."""
    settings = get_settings()
    engine = make_engine(settings.database_url, **POOL)
    return Runtime(session_factory(engine), Ports(CeleryQueue(), RedisBus(settings.redis_url)))
