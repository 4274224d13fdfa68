"""How often one may: a bucket for each caller, which holds a minute's worth and fills up again evenly.

Counted in Redis in one round trip, for all processes together; in the process while Redis does not answer.
A bucket is one number: when it will be full again (the generic cell rate algorithm, as telephone networks use it).
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from core.bus import BusUnavailable, RedisScript
from core.errors import TooManyRequests

MINUTE = 60_000_000  # microseconds
# Redis gets so long for an answer, and after a failure is left alone for so long (seconds).
PATIENCE = 0.2
PAUSE = 2.0
# More callers than this are not remembered while Redis is away.
MOST_REMEMBERED = 50_000

# One bucket: KEYS[1]; ARGV: the size of the bucket. Answers whether it was granted, what is left, the wait (us).
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local minute, share = 60000000, math.floor(60000000 / ARGV[1])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + share
if full - now > minute then
  return {0, 0, full - now - minute}
end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return {1, math.floor((minute - (full - now)) / share), 0}
"""

NOUNS = {"anonymous": "requests", "writes": "changes", "runs": "trial runs"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The answer: granted or not, how many more there are at once, and the seconds to wait when it was refused."""

    granted: bool
    left: int
    wait: float


class Buckets(Protocol):
    def take(self, key: str, size: int) -> Allowance:
        """One from the bucket `key`, which holds `size`."""


class RedisBuckets:
    """The buckets of all processes. Raises BusUnavailable."""

    def __init__(self, url: str) -> None:
        self._script = RedisScript(url, TAKE, PATIENCE)

    def take(self, key: str, size: int) -> Allowance:
        granted, left, wait = self._script.run(f"creathon:rate:{key}", size)
        return Allowance(bool(granted), left, wait / 1e6)


class MemoryBuckets:
    """The buckets of this process. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._full: dict[str, int] = {}

    def take(self, key: str, size: int) -> Allowance:
        with self._lock:
            now, share = int(self._clock() * 1e6), MINUTE // size
            full = max(self._full.get(key, now), now) + share
            if full - now > MINUTE:
                return Allowance(False, 0, (full - now - MINUTE) / 1e6)
            if len(self._full) >= MOST_REMEMBERED:
                self._full = {name: at for name, at in self._full.items() if at > now}
            if len(self._full) < MOST_REMEMBERED or key in self._full:
                self._full[key] = full
            return Allowance(True, (MINUTE - (full - now)) // share, 0.0)


class SharedBuckets:
    """Redis' buckets, and this process's own while Redis does not answer: one slow request per `PAUSE`, not all."""

    def __init__(self, shared: Buckets, own: Buckets, clock: Callable[[], float] = time.monotonic) -> None:
        self._shared, self._own, self._clock = shared, own, clock
        self._ask_again = 0.0

    def take(self, key: str, size: int) -> Allowance:
        now = self._clock()
        if self._ask_again and now < self._ask_again:
            return self._own.take(key, size)
        if self._ask_again:
            self._ask_again = now + PAUSE  # the others need not wait for what this one finds
        try:
            allowance = self._shared.take(key, size)
        except BusUnavailable as error:
            log.warning("Redis does not answer, so rates are counted in this process for now: %s", error)
            self._ask_again = self._clock() + PAUSE
            return self._own.take(key, size)
        self._ask_again = 0.0
        return allowance


def open_buckets(redis_url: str) -> Buckets:
    """The buckets of a process; nothing is connected yet."""
    return SharedBuckets(RedisBuckets(redis_url), MemoryBuckets())


@dataclass(frozen=True, slots=True)
class Turn:
    """What a caller wants to do (a field of core.settings.Rates), and how often a minute they may."""

    what: str
    size: int

    def take(self, buckets: Buckets, caller: str) -> Allowance:
        """Take the turn. Raises TooManyRequests, with the time to wait."""
        allowance = buckets.take(f"{self.what}:{caller}", self.size)
        if allowance.granted:
            return allowance
        noun = NOUNS.get(self.what, self.what)
        raise TooManyRequests(f"At most {self.size} {noun} a minute.", retry_after=math.ceil(allowance.wait))
