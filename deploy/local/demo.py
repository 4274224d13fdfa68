"""`demo`: the main job, done for real against the real stack and watched through its live events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy.local.accounts import Account, demo_accounts
from deploy.local.demo_acts import Act, acts
from deploy.local.demo_kinds import sheets
from deploy.local.demo_learner import Client, Learner
from deploy.local.demo_round import find_challenge, play_kinds
from deploy.local.demo_timeline import Timeline
from deploy.local.errors import StackError
from deploy.local.guard import adopt_orphans
from deploy.local.lock import running
from deploy.local.processes import logged_processes
from deploy.local.up import NO_TELEGRAM, address, answers, prepared_stack, stack_commands

START_SECONDS = 60.0
STEPS = ("submission.queued", "submission.grading", "submission.case", "submission.graded")


def demo(var: Path) -> int:
    """Run the demo, on the stack that is up or on one of its own; 0 when all happened as it should.

    Raises StackError, AlreadyRunningError.
    """
    adopt_orphans()
    began = time.monotonic()
    with _stack(var) as env:
        timeline = Timeline(Console(highlight=False))
        faults = _play(address(env), _author(var), timeline)
        timeline.close(faults, time.monotonic() - began)
        if not env.get("TELEGRAM_BOT_TOKEN"):
            print(NO_TELEGRAM)
    return 1 if faults else 0


@contextmanager
def _stack(var: Path) -> Iterator[dict[str, str]]:
    stack = running(var)
    if stack and stack.command == "up":
        yield stack.env
        return
    with ExitStack() as cleanup:
        env = cleanup.enter_context(prepared_stack(var, "demo"))
        print("creathon: starting the API, a grader worker and the sweeper", flush=True)
        cleanup.enter_context(logged_processes(stack_commands(env), env, var / "log"))
        _wait_until_ready(f"{address(env)}/readyz", var / "log")
        yield env
        print("creathon: stopping everything", flush=True)


def _wait_until_ready(url: str, logs: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(url):
        if time.monotonic() > deadline:
            raise StackError(f"The stack was not ready within {START_SECONDS:g} s. Its logs are in {logs}.")
        time.sleep(0.1)


def _author(var: Path) -> Account:
    return next(account for account in demo_accounts(var) if account.username == "author")


def _play(url: str, author: Account, timeline: Timeline) -> list[str]:
    """All acts, then all kinds; what was not as it should be."""
    with Learner(url) as learner, Client(url) as reviewer:
        reviewer.log_in(author.username, author.password)
        timeline.open(url, learner.username)
        challenges = {act.challenge: find_challenge(learner, act.challenge) for act in acts()}
        faults = []
        for number, act in enumerate(acts(), 1):
            timeline.act(number, act)
            faults += _perform(learner, act, challenges[act.challenge], timeline)
        faults += play_kinds(learner, reviewer, sheets(without=list(challenges)), timeline)
        return faults + _closing(learner, challenges, timeline)


def _perform(learner: Learner, act: Act, challenge: int, timeline: Timeline) -> list[str]:
    """Hand it in, tell what arrives, compare the outcome with what it must be."""
    seen = len(learner.events)
    number = learner.send("POST", f"/challenges/{challenge}/submissions", {"answer": act.answer})["id"]
    for event in learner.live("submission.graded", number):
        timeline.event(event)
    submission = learner.read(f"/submissions/{number}")
    failed = next((case for case in submission["results"] if case["verdict"] != "accepted"), None)
    if failed:
        timeline.feedback(failed)
    timeline.verdict(submission, submission["verdict"] == act.verdict)
    for event in learner.stragglers(learner.read("/events?after=0&page_size=100")[-1]["id"]):
        timeline.event(event)
    timeline.gap()
    return _faults(act, submission, [event["type"] for event in learner.events[seen:]])


def _faults(act: Act, submission: dict[str, Any], types: list[str]) -> list[str]:
    found = []
    if submission["verdict"] != act.verdict:
        found.append(f"{act.story}: the verdict is {submission['verdict']}, not {act.verdict}")
    firsts = [types.index(step) for step in STEPS if step in types]
    if len(firsts) < len(STEPS) or firsts != sorted(firsts):
        found.append(f"{act.story}: the live events were {', '.join(types)}")
    if act.is_program and any(
        case["cpu_ms"] is None or not case["memory_kb"] for case in submission["results"]
    ):
        found.append(f"{act.story}: a test has no CPU time or memory")
    return found


def _closing(learner: Learner, challenges: dict[str, int], timeline: Timeline) -> list[str]:
    """Progress and leaderboard, and whether they agree with what was handed in."""
    rows = {row["challenge_id"]: row for row in learner.read("/progress/")}
    progress = [(title, rows[number]) for title, number in challenges.items()]
    board = learner.read("/leaderboard?page_size=10")
    timeline.standings(progress, board, learner.username)
    found = [f"{title}: {row['status']}" for title, row in progress if row["status"] != "completed"]
    tries = [row["attempts"] for _, row in progress]
    wanted = [sum(act.challenge == title for act in acts()) for title in challenges]
    found += [f"attempts are {tries}, not {wanted}"] * (tries != wanted)
    ids = [event["id"] for event in learner.events if event["id"] is not None]
    found += ["the live events have a hole or a duplicate"] * (ids != list(range(1, len(ids) + 1)))
    return found
