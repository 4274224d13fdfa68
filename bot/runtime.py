"""What the bot's process holds: its sessions and its two doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session, sessionmaker

from core.bus import RedisBus
from core.db import make_engine, session_factory
from core.models.user import User
from core.outbox import Ports, transaction
from core.queue import CeleryQueue
from core.rates import Buckets, Turn, open_buckets
from core.services.telegram import user_of_chat
from core.settings import Settings

# Never more than asyncio's threads, which is what uses them.
POOL = {"pool_size": 4, "max_overflow": 8}

T = TypeVar("T")


class NotLinked(Exception):
    """The chat belongs to nobody yet."""


@dataclass(frozen=True, slots=True)
class Runtime:
    sessions: sessionmaker[Session]
    bus: RedisBus
    ports: Ports
    submissions: Turn
    # None: the operator switched the limits off.
    buckets: Buckets | None

    def take_turn(self, user: User) -> None:
        """Count a submission of the user, together with those over the API. Raises TooManyRequests."""
        if self.buckets:
            self.submissions.take(self.buckets, f"user:{user.id}")

    def as_user(self, chat_id: int, work: Callable[[Session, User], T]) -> T:
        """Do `work` in one transaction as the learner who linked the chat. Raises NotLinked. Blocks."""
        with transaction(self.sessions, self.ports) as session:
            user = user_of_chat(session, chat_id)
            if user is None:
                raise NotLinked
            return work(session, user)


def open_runtime(settings: Settings) -> Runtime:
    """The runtime of this process; nothing is connected yet."""
    bus = RedisBus(settings.redis_url)
    sessions = session_factory(make_engine(settings.database_url, **POOL))
    buckets = open_buckets(settings.redis_url) if settings.rate_limits else None
    turn = Turn("submissions", settings.rates.submissions)
    return Runtime(sessions, bus, Ports(CeleryQueue(), bus), turn, buckets)
