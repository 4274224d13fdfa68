"""What breaks. Each fault does its harm, repairs what no supervisor would, and says when the work goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos import messages
from tests.chaos.site import Site, Watch, a_busy_worker, seconds_until, until_grading, until_taken_over

WORKER_BOUND = 10.0  # seconds, from docs/chaos.md
REDIS_BOUND = 5.0
NEVER = -1  # the number of no claim
STARTING = 20.0  # a worker that was just killed has no grading process for so long


@dataclass(frozen=True, slots=True)
class Harm:
    """What was done. `watch` waits until it is made good; it may run while the next fault strikes."""

    what: str
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """`bound` is the longest recovery that is promised, in seconds; None where nothing is promised."""

    strike: Callable[[Site], Harm]
    bound: float | None = None


def kill_worker(site: Site) -> Harm:
    name = a_busy_worker(site)
    site.stack.kill(name)
    claims = site.database.held_by(name)
    return Harm(f"{name} with {len(claims)} claims", until_taken_over(site, claims))


def kill_pool_process(site: Site) -> Harm:
    name = a_busy_worker(site)
    claims = site.database.held_by(name)
    seconds_until(lambda: site.stack.kill_pool_process(name, site.random.randrange(8)), STARTING)
    return Harm(f"{name} with {len(claims)} claims", until_taken_over(site, claims))


def kill_web(site: Site) -> Harm:
    (name,) = site.stack.named("web")
    site.stack.kill(name)
    return Harm(name, lambda: seconds_until(site.stack.answers))


def kill_sweeper(site: Site) -> Harm:
    """With the messages it would be needed for: it has to find their rows."""
    lost = messages.take_out(site)
    for name in site.stack.named("sweeper"):
        site.stack.kill(name)
    waiting = [(one, NEVER) for one in site.database.queued()]
    return Harm(f"with {sum(map(len, lost.values()))} messages lost", until_taken_over(site, waiting))


def kill_bot(site: Site) -> Harm:
    """A delivery that it held comes again a minute later, when its claim is over."""
    (name,) = site.stack.named("bot")
    polls = site.polls()
    site.stack.kill(name)
    if site.plan.hurry:
        expire_claims(site)
    return Harm(name, lambda: seconds_until(lambda: site.polls() > polls))


def expire_claims(site: Site) -> None:
    """As if the minute were over for which a bot that died, or could not say that it had sent, holds deliveries."""
    site.database.rows("UPDATE deliveries SET due_at = now() WHERE sent_at IS NULL AND tries > 0")


def kill_redis(site: Site) -> Harm:
    return _redis_away(site, empty=False)


def wipe_redis(site: Site) -> Harm:
    return _redis_away(site, empty=True)


def flush_redis(site: Site) -> Harm:
    """Whoever is connected stays connected and is told nothing."""
    with site.stack.redis() as broker:
        broker.flushall()
    return Harm("flushed", until_grading(site))


def kill_postgres(site: Site) -> Harm:
    postgres = site.stack.servers.postgres
    postgres.child.kill()
    away = _stay_away(site)
    postgres.start()
    return Harm(f"away {away:.1f} s", until_grading(site))


def double_messages(site: Site) -> Harm:
    return Harm(f"{messages.double(site)} messages")


def delay_messages(site: Site) -> Harm:
    taken = messages.take_out(site)
    away = 2 + 2 * site.random.random()
    time.sleep(away)
    messages.put_back(site, taken)
    return Harm(f"{sum(map(len, taken.values()))} messages, {away:.1f} s", until_grading(site))


def freeze_worker(site: Site) -> Harm:
    """Its claims must go to another; then it wakes up with results that nobody wants any more."""
    name = a_busy_worker(site)
    group = site.stack.freeze(name)
    try:
        claims = site.database.held_by(name)
        waited = until_taken_over(site, claims)()
    finally:
        site.stack.thaw(group)
    return Harm(f"{name} with {len(claims)} claims", lambda: waited)


def hide_temporary_folder(site: Site) -> Harm:
    """A plain file in its place: nobody can write there, not even root. No box starts meanwhile."""
    folder = site.stack.temporary
    if folder is None:
        return Harm("not tried: the folder is shared")
    aside = folder.with_name(f"{folder.name}-aside")
    folder.rename(aside)
    folder.touch()
    time.sleep(1.5)
    folder.unlink()
    aside.rename(folder)
    return Harm("1.5 s", until_grading(site))


def drop_sockets(site: Site) -> Harm:
    unlucky = site.random.sample(site.streams, len(site.streams) // 2)
    for stream in unlucky:
        stream.drop()
    return Harm(f"{len(unlucky)} sockets")


def kill_everything(site: Site) -> Harm:
    stack = site.stack
    for name in stack.children:
        stack.kill(name)
    stack.servers.valkey.child.kill()
    stack.servers.postgres.child.kill()
    stack.servers.postgres.start()
    stack.servers.valkey.start()
    return Harm("all at once", until_grading(site))


FAULTS = {
    "worker killed": Fault(kill_worker, WORKER_BOUND),
    "one process of a worker killed": Fault(kill_pool_process, WORKER_BOUND),
    "API killed": Fault(kill_web),
    "sweeper killed": Fault(kill_sweeper),
    "bot killed": Fault(kill_bot),
    "Redis killed": Fault(kill_redis, REDIS_BOUND),
    "Redis killed and emptied": Fault(wipe_redis, REDIS_BOUND),
    "Redis emptied while it runs": Fault(flush_redis, REDIS_BOUND),
    "PostgreSQL killed": Fault(kill_postgres),
    "messages doubled": Fault(double_messages),
    "messages delayed": Fault(delay_messages),
    "worker frozen past its lease": Fault(freeze_worker, WORKER_BOUND),
    "sandbox's temporary folder gone": Fault(hide_temporary_folder),
    "half of the sockets dropped": Fault(drop_sockets),
    "everything killed at once": Fault(kill_everything),
}


def _redis_away(site: Site, empty: bool) -> Harm:
    valkey = site.stack.servers.valkey
    valkey.child.kill()
    away = _stay_away(site)
    if empty:
        site.stack.empty_valkey()
    valkey.start()
    return Harm(f"away {away:.1f} s", until_grading(site))


def _stay_away(site: Site) -> float:
    away = 0.5 + 1.5 * site.random.random()
    time.sleep(away)
    return away
