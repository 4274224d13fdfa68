"""The one door to the live bus (Redis publish/subscribe): the fast path of events, which may lose anything.

What must not be lost is a row first; receivers notice a hole in the ids and read the rows.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

CHANNEL = "creathon:live"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One event for one room."""

    room: str
    event: dict[str, Any]


class Bus(Protocol):
    def publish(self, messages: Sequence[Message]) -> None:
        """Push to whoever listens now. Never raises."""

    def ping(self) -> None:
        """Raises BusUnavailable when the bus does not answer."""


class RedisBus:
    """Publishes from any process; listens in those that hold sockets."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=2, socket_connect_timeout=1, health_check_interval=10
        )

    def publish(self, messages: Sequence[Message]) -> None:
        """All of them travel as one, in this order: what a transaction tells costs its receivers one wake-up."""
        if not messages:
            return
        try:
            self._redis.publish(CHANNEL, json.dumps([[message.room, message.event] for message in messages]))
        except redis.RedisError as error:
            log.warning("live push of %s events lost, receivers replay them: %s", len(messages), error)

    def listen(self, timeout: float = 1.0) -> Iterator[list[Message]]:
        """Messages as they arrive, none after `timeout` quiet seconds. Raises BusUnavailable when it breaks."""
        try:
            with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                subscription.subscribe(CHANNEL)
                while True:
                    raw = subscription.get_message(timeout=timeout)
                    yield _parsed(raw["data"]) if raw else []
        except redis.RedisError as error:
            raise BusUnavailable(str(error)) from error

    def ping(self) -> None:
        """Raises BusUnavailable when Redis does not answer."""
        try:
            self._redis.ping()
        except redis.RedisError as error:
            raise BusUnavailable(str(error)) from error


class RedisScript:
    """A Lua script that runs inside Redis, in one round trip; `patience` (seconds) is all that it may cost."""

    def __init__(self, url: str, text: str, patience: float) -> None:
        timeouts = {"socket_timeout": patience, "socket_connect_timeout": patience}
        # No retries: redis-py would wait for seconds between them.
        client = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **timeouts)
        self._script = client.register_script(text)

    def run(self, key: str, *arguments: int) -> list[int]:
        """What the script returns. Raises BusUnavailable."""
        try:
            answer: list[int] = self._script(keys=[key], args=arguments)
            return answer
        except redis.RedisError as error:
            raise BusUnavailable(str(error)) from error


class BusUnavailable(Exception):
    """Redis does not answer."""


class InMemoryBus:
    """Keeps what was published, in order. For tests and tools that need no Redis."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def publish(self, messages: Sequence[Message]) -> None:
        self.messages.extend(messages)

    def ping(self) -> None:
        """It is always there."""


def _parsed(raw: bytes) -> list[Message]:
    try:
        return [Message(room, event) for room, event in json.loads(raw)]
    except (ValueError, TypeError):
        log.warning("ignored a malformed message on the live bus")
        return []
