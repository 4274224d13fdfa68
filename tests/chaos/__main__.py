"""`make chaos`: break everything while learners hand in, and count what went wrong: `python -m tests.chaos`."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from random import SystemRandom

from deploy.local.guard import adopt_orphans
from deploy.local.places import CHECKOUT
from tests.chaos.engine import run
from tests.chaos.faults import FAULTS
from tests.chaos.plan import full_plan
from tests.chaos.report import is_good, table
from tests.support.servers import Servers, running_servers

LIMIT = 15 * 60  # seconds


def main() -> int:
    """The exit code: 0 when nothing was lost, doubled or left behind."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="repeat the run that printed this number")
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=32)
    parser.add_argument("--only", action="append", choices=FAULTS, help="these faults alone, in turn")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else SystemRandom().randrange(10**6)
    plan = full_plan(seed, options.submissions, options.kills)
    if options.only:
        plan = replace(plan, faults=tuple(islice(cycle(options.only), options.kills)))
    say(f"seed {seed}: {plan.submissions} submissions, {len(plan.faults)} faults, {plan.kills} of them kills")
    _end_after(LIMIT)
    adopt_orphans()
    logs = Path(tempfile.mkdtemp(prefix="creathon-chaos-logs-"))
    say(f"logs of all processes: {logs}")
    with running_servers(logs) as servers:
        outcome = run(plan, servers, _environment(servers), logs, say)
    say("")
    for line in table(outcome):
        say(line)
    return 0 if is_good(outcome, options.submissions, options.kills) else 1


def say(text: str) -> None:
    print(text, flush=True)


def _environment(servers: Servers) -> Mapping[str, str]:
    env = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "HOME": os.environ.get("HOME", "/nonexistent"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "FLASK_APP": "wsgi:app",
        "RATE_LIMITS": "off",  # forty learners behind one address hand in faster than a class does
        "DATABASE_URL": servers.postgres.url,
        "REDIS_URL": servers.valkey.url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_SECRET_KEY": secrets.token_urlsafe(48),
        "HOST": "127.0.0.1",
    }
    subprocess.run(["flask", "db", "upgrade"], env=env, cwd=CHECKOUT, check=True, capture_output=True)
    return env


def _end_after(seconds: int) -> None:
    """Whatever hangs: the run ends, and with it what it started."""

    def end(*_: object) -> None:
        raise SystemExit(f"The run took longer than {seconds // 60} minutes and was ended.")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)


if __name__ == "__main__":
    sys.exit(main())
