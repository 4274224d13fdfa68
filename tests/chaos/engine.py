"""One chaos run: start everything, break it while learners work, let it settle, look, stop it, look again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

from tests.chaos.audit import Findings, audit
from tests.chaos.census import Census
from tests.chaos.challenges import CHALLENGES, POINTS
from tests.chaos.database import Database
from tests.chaos.faults import FAULTS, expire_claims
from tests.chaos.load import Load
from tests.chaos.plan import Plan, hand_ins
from tests.chaos.site import Site, seconds_of, seconds_until
from tests.chaos.stack import Stack, stack_env, temporary_folder
from tests.chaos.streams import Stream
from tests.functional.telegram.bot_api_server import running_bot_api
from tests.functional.telegram.fake_bot_api import BOT, TOKEN, FakeBotApi
from tests.functional.telegram.phone import Phone
from tests.support.people import Person, author, learner
from tests.support.servers import Servers

START = 120.0  # seconds until all processes are ready
SETTLE = 90.0  # seconds, after the last fault, for the last submission
DELIVER = 100.0  # a delivery that a killed bot held is due again after a minute
HEAR = 15.0

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What a run showed. `left` are processes and control groups that outlived the stack."""

    plan: Plan
    findings: Findings = field(default_factory=Findings)
    recoveries: list[tuple[str, Future[float | None]]] = field(default_factory=list)
    most_in_flight: int = 0
    reconnects: int = 0
    seconds: float = 0.0
    left: list[str] = field(default_factory=list)


def run(plan: Plan, servers: Servers, settings_env: Mapping[str, str], logs: Path, say: Say) -> Outcome:
    """Do what the plan says with servers that run and have their tables. Call it from the main thread."""
    outcome = Outcome(plan)
    began = time.monotonic()
    with ExitStack() as resources:
        telegram = resources.enter_context(running_bot_api())
        more = _telegram_env(telegram)
        if plan.own_folder:
            more["TMPDIR"] = resources.enter_context(temporary_folder())
        stack = Stack(servers, stack_env(settings_env, more), logs)
        census = Census(stack.mark)
        try:
            with _site(plan, stack, telegram, say) as site:
                _break_things(site, outcome, say)
                _settle(site, say)
                outcome.findings = audit(site)
                outcome.reconnects = sum(stream.connects - 1 for stream in site.streams)
        finally:
            stopped = seconds_of(stack.stop)
            say(f"everything stopped within {stopped:.1f} s")
        outcome.left = census.processes_left() + census.groups_left()
    outcome.seconds = time.monotonic() - began
    return outcome


@contextmanager
def _site(plan: Plan, stack: Stack, telegram: FakeBotApi, say: Say) -> Iterator[Site]:
    """The stack with its learners logged in, connected and linked."""
    database = Database(stack.env["DATABASE_URL"])
    stack.start()
    say(f"starting {', '.join(stack.children)}")
    ready = seconds_until(lambda: _ready(stack, database, telegram), START)
    assert ready < START, f"not everything has started within {START:g} s; see the logs in {stack.logs}"
    say(f"all are ready after {ready:.1f} s; making {plan.learners} learners")
    learners = [learner(stack.url) for _ in range(plan.learners)]
    for number in range(plan.linked):
        _link(learners[number], Phone(telegram, 5_000_000 + number))
    challenges = _challenges(author(stack.url, stack.env["DATABASE_URL"]))
    load = Load(learners, challenges, hand_ins(plan), plan.senders)
    streams = [Stream(person) for person in learners]
    try:
        yield Site(plan, stack, database, load, streams, telegram, Random(plan.seed + 2))
    finally:
        for stream in streams:
            stream.ask_to_stop()
        for stream in streams:
            stream.stop()
        load.finish()
        database.close()


def _ready(stack: Stack, database: Database, telegram: FakeBotApi) -> bool:
    live = "SELECT count(*) FROM workers WHERE seen_at > now() - interval '15 s'"
    polls = telegram.count("getUpdates") or not stack.named("bot")
    return bool(polls and stack.answers() and database.value(live) >= len(stack.workers))


def _break_things(site: Site, outcome: Outcome, say: Say) -> None:
    waves = site.plan.waves()
    began = time.monotonic()
    with ThreadPoolExecutor(len(site.plan.faults)) as watching:
        for number, name in enumerate(site.plan.faults):
            site.load.release(waves[number])
            time.sleep(site.random.uniform(*site.plan.rest))
            outcome.most_in_flight = max(outcome.most_in_flight, _in_flight(site))
            harm = FAULTS[name].strike(site)
            recovery = watching.submit(harm.watch or _nothing)
            outcome.recoveries.append((name, recovery))
            counts = f"{len(site.load.accepted):5} accepted {_in_flight(site):4} in flight"
            made_good = "" if site.plan.overlap else f"{_seconds(recovery.result()):>7}"
            say(f"{time.monotonic() - began:6.1f} s {counts}  {name:32}{made_good}  {harm.what}")
            if not site.plan.overlap:
                seconds_until(lambda: _in_flight(site) <= site.plan.in_flight, 20)
        site.load.release(waves[-1])


def _nothing() -> None:
    """There is nothing to make good."""


def _seconds(recovery: float | None) -> str:
    return "-" if recovery is None else f"{recovery:.1f} s"


def _in_flight(site: Site) -> int:
    return site.load.open + site.database.unfinished()


def _settle(site: Site, say: Say) -> None:
    """Wait until nothing moves any more, or must not be waited for any longer."""
    site.load.finish()
    say(f"{len(site.load.accepted)} are accepted; waiting for the last verdicts, events and deliveries")
    graded = seconds_until(lambda: not site.database.unfinished(), SETTLE)
    if site.plan.hurry:
        expire_claims(site)
    sent = seconds_until(lambda: not _undelivered(site), DELIVER)
    heard = seconds_until(lambda: _all_heard(site), HEAR)
    say(f"verdicts took {graded:.1f} s more, deliveries {sent:.1f} s, events {heard:.1f} s")


def _undelivered(site: Site) -> int:
    query = "SELECT count(*) FROM deliveries WHERE sent_at IS NULL AND dead_at IS NULL"
    return int(site.database.value(query))


def _all_heard(site: Site) -> bool:
    newest = dict(site.database.rows("SELECT username, last_event_id FROM users"))
    return all(max(stream.ids, default=0) >= newest[stream.person.name] for stream in site.streams)


def _challenges(person: Person) -> dict[str, int]:
    """The ids of the published challenges by their name in the plan."""
    made = {}
    for name, challenge in CHALLENGES.items():
        body = {"title": name, "description": "What is asked.", "difficulty": "beginner", "points": POINTS}
        spec = {"kind": challenge.kind, "spec": challenge.spec, "state": "published"}
        made[name] = person.make("/challenges/", **body, **spec)["id"]
    return made


def _link(person: Person, phone: Phone) -> None:
    code = parse_qs(urlsplit(person.make("/telegram/link")["url"]).query)["start"][0]
    phone.write(f"/start {code}")
    phone.reads("Connected")


def _telegram_env(telegram: FakeBotApi) -> dict[str, str]:
    name = str(BOT["username"])
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": telegram.url,
        "TELEGRAM_BOT_USERNAME": name,
    }
