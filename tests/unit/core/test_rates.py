from __future__ import annotations

import pytest

from core import rates
from core.bus import BusUnavailable
from core.errors import TooManyRequests
from core.rates import PAUSE, Allowance, MemoryBuckets, SharedBuckets, Turn


class Clock:
    """A clock that a test moves, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Shaky:
    """Buckets in Redis that answer only while `up`."""

    def __init__(self) -> None:
        self.up, self.asked = True, 0

    def take(self, key: str, size: int) -> Allowance:
        self.asked += 1
        if not self.up:
            raise BusUnavailable("gone")
        return Allowance(True, 99, 0.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def granted(buckets, count: int, size: int = 6) -> list[bool]:
    return [buckets.take("ada", size).granted for _ in range(count)]


def test_a_bucket_gives_what_it_holds_at_once_and_then_says_how_long_to_wait(clock):
    buckets = MemoryBuckets(clock)
    assert granted(buckets, 7) == [True] * 6 + [False]
    assert buckets.take("ada", 6).wait == pytest.approx(10)


def test_a_bucket_fills_evenly_and_never_beyond_its_size(clock):
    buckets = MemoryBuckets(clock)
    granted(buckets, 6)
    clock.now += 20
    assert granted(buckets, 3) == [True, True, False]
    clock.now += 3600
    assert granted(buckets, 7) == [True] * 6 + [False]


def test_what_is_refused_costs_nothing(clock):
    buckets = MemoryBuckets(clock)
    granted(buckets, 100)
    clock.now += 10
    assert granted(buckets, 1) == [True]


def test_callers_do_not_share_a_bucket(clock):
    buckets = MemoryBuckets(clock)
    granted(buckets, 6)
    assert buckets.take("bob", 6) == Allowance(True, 5, 0.0)


def test_a_flood_of_callers_does_not_fill_the_memory(clock, monkeypatch):
    monkeypatch.setattr(rates, "MOST_REMEMBERED", 10)
    buckets = MemoryBuckets(clock)
    for number in range(1000):
        buckets.take(str(number), 6)
    assert len(buckets._full) <= 10


def test_while_redis_is_away_the_process_counts_and_asks_seldom(clock):
    redis = Shaky()
    buckets = SharedBuckets(redis, MemoryBuckets(clock), clock)
    redis.up = False
    assert granted(buckets, 7) == [True] * 6 + [False]
    assert redis.asked == 1


def test_when_redis_is_back_it_counts_again(clock):
    redis = Shaky()
    buckets = SharedBuckets(redis, MemoryBuckets(clock), clock)
    redis.up = False
    buckets.take("ada", 6)
    redis.up = True
    clock.now += PAUSE + 1
    assert [buckets.take("ada", 6).left for _ in range(2)] == [99, 99]


def test_a_refusal_says_what_there_was_too_much_of_and_when_to_come_back(clock):
    buckets = MemoryBuckets(clock)
    turn = Turn("runs", 2)
    turn.take(buckets, "ada"), turn.take(buckets, "ada")
    with pytest.raises(TooManyRequests, match="At most 2 trial runs a minute") as refused:
        turn.take(buckets, "ada")
    assert refused.value.retry_after == 30
