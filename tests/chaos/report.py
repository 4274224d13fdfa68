"""The table at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos.engine import Outcome
from tests.chaos.faults import FAULTS
from tests.chaos.plan import KILLS


def troubles(outcome: Outcome) -> dict[str, int]:
    """What must be 0, by its name in the table."""
    found = outcome.findings
    return {
        "lost": found.lost,
        "refused, or never accepted": found.refused,
        "stored twice": found.stored_twice,
        "duplicate verdicts": found.duplicate_verdicts,
        "wrong verdicts": found.wrong_verdicts,
        "progress rows with a wrong number of attempts": found.wrong_attempts,
        "progress rows with wrong points": found.wrong_points,
        "ledgers that paid too much or too little": found.wrong_ledger,
        "events lost": found.events_lost,
        "events repeated or out of order": found.events_repeated,
        "Telegram deliveries not sent": found.deliveries_unsent,
        "processes or control groups left": len(outcome.left),
    }


def table(outcome: Outcome) -> Iterator[str]:
    """Lines: figures, what must be 0, recovery by kind of fault."""
    found, plan = outcome.findings, outcome.plan
    yield f"seed {plan.seed}: {len(outcome.recoveries)} faults, {plan.kills} of them kills, in {outcome.seconds:.0f} s"
    yield _line("submissions accepted", found.accepted)
    yield _line("most of them in flight at once", outcome.most_in_flight)
    yield _line("final", found.final)
    yield _line("of these ended as failed, attempt given back", found.failed)
    yield _line("requests sent again after a broken connection", found.repeats)
    yield _line("events heard over Socket.IO", found.events)
    yield _line("reconnections", outcome.reconnects)
    yield _line("Telegram deliveries", found.deliveries)
    yield ""
    for name, count in troubles(outcome).items():
        yield f"{_line(name, count)}   must be 0: {'met' if count == 0 else 'MISSED'}"
    yield from (f"  {what}" for what in [*found.details, *found.refusals, *outcome.left])
    yield ""
    yield f"{'recovery, seconds':48}{'times':>7}{'median':>8}{'worst':>8}"
    for name in dict.fromkeys(name for name, _ in outcome.recoveries):
        yield _recovery(outcome, name)


def _line(name: str, count: int) -> str:
    return f"{name:48}{count:7}"


def _recovery(outcome: Outcome, name: str) -> str:
    times = [recovery.result() for what, recovery in outcome.recoveries if what == name]
    measured = sorted(seconds for seconds in times if seconds is not None)
    head = f"{name:48}{len(times):7}"
    if not measured:
        return f"{head}{'-':>8}{'-':>8}"
    bound = FAULTS[name].bound
    goal = f"   goal {bound:g}: {'met' if measured[-1] <= bound else 'MISSED'}" if bound is not None else ""
    return f"{head}{measured[len(measured) // 2]:8.1f}{measured[-1]:8.1f}{goal}"


def is_good(outcome: Outcome, submissions: int, kills: int) -> bool:
    """Whether nothing is wrong, in a run of at least this size."""
    done = sum(name in KILLS for name, _ in outcome.recoveries)
    return not any(troubles(outcome).values()) and done >= kills and outcome.findings.accepted >= submissions
