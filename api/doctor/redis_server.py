"""Redis or Valkey: reachable, and keeping what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from redis import Redis
from redis.exceptions import NoPermissionError, RedisError

from api.doctor.finding import Finding, Patient, broken, doubtful, good
from core.settings import Settings

SECONDS = 3
FORBIDDEN = "Look as its administrator: `redis-cli CONFIG GET {}`."


def open_redis(settings: Settings) -> Redis:
    """A client that gives up after a few seconds."""
    return Redis.from_url(
        settings.redis_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, decode_responses=True
    )


def check_redis(patient: Patient) -> Iterator[Finding]:
    """It answers, and how it is set up. Raises RedisError when it does not answer."""
    with closing(open_redis(patient.settings)) as client:
        client.ping()
        try:
            info: dict[str, Any] = client.info("everything")  # type: ignore[assignment]
        except NoPermissionError:
            yield good("redis", "It answers.")
            mend = "Allow the command: `ACL SETUSER creathon +info`."
            yield doubtful("redis settings", "Unknown: its ACL forbids INFO.", mend)
            return
        name = "Valkey" if "valkey_version" in info else "Redis"
        yield good("redis", f"{name} {info.get('valkey_version') or info['redis_version']} answers.")
        yield _eviction(info)
        yield _persistence(client, info)


def _eviction(info: dict[str, Any]) -> Finding:
    policy = info.get("maxmemory_policy", "unknown")
    if policy == "noeviction":
        return good("redis eviction", "maxmemory-policy is noeviction.")
    detail = f"maxmemory-policy is {policy}: when memory is short it throws queued work away."
    return broken("redis eviction", detail, "Set `maxmemory-policy noeviction` in its configuration.")


def _persistence(client: Redis, info: dict[str, Any]) -> Finding:
    """The append-only file shows in INFO, the snapshots only in CONFIG."""
    if info.get("aof_enabled"):
        return good("redis persistence", "The append-only file is on.")
    try:
        save = client.config_get("save").get("save")  # type: ignore[union-attr]
    except (NoPermissionError, RedisError):
        detail = "The append-only file is off; whether it takes snapshots, its ACL forbids to ask."
        return doubtful("redis persistence", detail, FORBIDDEN.format("save"))
    if save:
        return good("redis persistence", f"It takes snapshots: save {save}.")
    detail = "It keeps nothing on disk: after its restart the sweeper has to queue everything again."
    return doubtful("redis persistence", detail, "Set `appendonly yes` in its configuration.")
