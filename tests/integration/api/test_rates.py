"""How often one may ask, counted in the real Redis."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from threading import BoundedSemaphore

import pytest

from api import waiting
from api.app import create_app
from core.bus import InMemoryBus
from core.outbox import Ports
from core.queue import InMemoryQueue
from core.rates import MemoryBuckets, RedisBuckets, open_buckets
from core.settings import Rates
from tests.factories.rows import challenge

FEW = Rates(submissions=2, runs=3, writes=4, reads=5, anonymous=6)


@pytest.fixture
def strict(settings, database):
    """Clients of an application with few requests a minute; `strict(TRUSTED_PROXIES)`."""

    def make(proxies: int = 0):
        wanted = replace(settings, rate_limits=True, rates=FEW, trusted_proxies=proxies)
        return create_app(wanted, Ports(InMemoryQueue(), InMemoryBus())).test_client()

    return make


def statuses(client, path, count, method="GET", **request) -> list[int]:
    return [client.open(f"/api{path}", method=method, **request).status_code for _ in range(count)]


def bearer(person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.access_token}"}


def test_reads_writes_runs_and_submissions_are_counted_apart(strict, learner, database, problem):
    client, question = strict(), challenge(database)
    database.commit()
    asked = {"headers": bearer(learner), "json": {"answer": {"selected": ["a"]}}}
    path = f"/challenges/{question.id}"
    assert statuses(client, f"{path}/submissions", 3, "POST", **asked)[2] == 429
    assert statuses(client, f"{path}/runs", 4, "POST", **asked).index(429) == 3
    assert statuses(client, "/progress", 5, "POST", **asked).index(429) == 4
    assert statuses(client, "/users/me", 6, headers=bearer(learner)).index(429) == 5


def test_a_refusal_is_a_problem_with_the_time_to_wait(strict, learner, problem):
    client = strict()
    statuses(client, "/users/me", 5, headers=bearer(learner))
    answer = client.get("/api/users/me", headers=bearer(learner))
    assert problem(answer, 429, "too_many_requests")["detail"] == "At most 5 reads a minute."
    assert 1 <= int(answer.headers["Retry-After"]) <= 12
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("5", "0")


def test_one_user_does_not_use_up_what_another_has(strict, person):
    client, (ada, bob) = strict(), (person(), person())
    statuses(client, "/users/me", 6, headers=bearer(ada))
    assert statuses(client, "/users/me", 1, headers=bearer(bob)) == [200]


def test_without_a_good_token_the_address_is_counted(strict):
    client = strict()
    forged = {"Authorization": "Bearer " + "a." * 2 + "b"}
    assert statuses(client, "/users/me", 7, headers=forged) == [401] * 6 + [429]
    assert statuses(client, "/leaderboard", 1, environ_base={"REMOTE_ADDR": "192.0.2.7"}) == [200]


def test_the_addresses_of_one_ipv6_network_are_one(strict):
    addresses = [{"REMOTE_ADDR": f"2001:db8::{number}"} for number in range(7)]
    client = strict()
    assert [client.get("/api/graders", environ_base=base).status_code for base in addresses][-1] == 429


def test_a_client_cannot_choose_its_address_unless_a_proxy_is_trusted(strict):
    def asked(client):
        return [
            client.get("/api/graders", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
            for n in range(7)
        ]

    assert 429 not in asked(strict(proxies=1))
    assert asked(strict())[-1] == 429


def test_who_finds_no_place_to_wait_for_the_verdict_is_answered_at_once(learner, database, monkeypatch):
    question = challenge(database)
    database.commit()
    monkeypatch.setattr(waiting, "_places", BoundedSemaphore(1))
    with waiting._places:
        path = f"/challenges/{question.id}/submissions"
        answer = learner.post(path, {"answer": {"text": "Paris"}}, Prefer="wait=20")
    assert (answer.status_code, "Preference-Applied" in answer.headers) == (202, False)


def test_redis_and_memory_count_alike(redis_url):
    redis, memory = RedisBuckets(redis_url), MemoryBuckets()
    for take in range(1, 9):
        ours, theirs = memory.take("x", 7), redis.take("x", 7)
        assert (ours.granted, ours.left) == (theirs.granted, theirs.left), take
    assert ours.wait == pytest.approx(theirs.wait, abs=1)


def test_a_redis_that_hangs_costs_one_short_wait():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        buckets = open_buckets(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()
        assert [buckets.take("ada", 3).granted for _ in range(4)] == [True, True, True, False]
        assert time.monotonic() - began < 1.5
