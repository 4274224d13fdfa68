"""The queues of the broker seen from outside: lists in Redis, whatever their names are."""

from __future__ import annotations

import json
import time
import uuid

import redis

from tests.chaos.site import Site

NOT_A_QUEUE = (b"_kombu", b"unacked", b"celery.pidbox", b"LIMITS", b"creathon")


def queues(broker: redis.Redis) -> list[bytes]:
    """The keys of the queues that hold messages."""
    names = [key for key in broker.scan_iter(count=1000, _type="list") if not key.startswith(NOT_A_QUEUE)]
    return sorted(names)


def look(site: Site, broker: redis.Redis) -> None:
    """Remember messages that are in the queues now, or in the hands of workers."""
    for name in queues(broker):
        site.messages[name.decode()] = broker.lrange(name, 0, 49)
    for raw in list(broker.hgetall("unacked").values())[:50]:
        message, _, queue = json.loads(raw)
        site.messages.setdefault(queue, []).append(json.dumps(message).encode())


def double(site: Site) -> int:
    """Publish again what is in the queues and in the workers' hands, or was lately; how many messages."""
    with site.stack.redis() as broker:
        deadline = time.monotonic() + 3
        look(site, broker)
        while not any(site.messages.values()) and time.monotonic() < deadline:
            look(site, broker)
        copies = {name: [_copy(raw) for raw in found[:50]] for name, found in site.messages.items() if found}
        for name, messages in copies.items():
            broker.lpush(name, *messages)
    return sum(map(len, copies.values()))


def take_out(site: Site) -> dict[bytes, list[bytes]]:
    """Empty the queues; what was in them."""
    taken: dict[bytes, list[bytes]] = {}
    with site.stack.redis() as broker:
        deadline = time.monotonic() + 2
        while not taken and time.monotonic() < deadline:
            for name in queues(broker):
                with broker.pipeline() as both:
                    found, _ = both.lrange(name, 0, -1).delete(name).execute()
                taken[name] = found
    return taken


def put_back(site: Site, taken: dict[bytes, list[bytes]]) -> None:
    """Late, and at the wrong end."""
    with site.stack.redis() as broker:
        for name, messages in taken.items():
            if messages:
                broker.lpush(name, *messages)


def _copy(raw: bytes) -> bytes:
    """The same message as if its sender had published it twice."""
    message = json.loads(raw)
    message["properties"]["delivery_tag"] = str(uuid.uuid4())
    return json.dumps(message).encode()
