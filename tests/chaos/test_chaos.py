"""The short form of `make chaos`: one of each of the most important faults, and nothing lost or counted twice."""

from tests.chaos.engine import run
from tests.chaos.plan import short_plan
from tests.chaos.report import table, troubles

SUBMISSIONS = 60


def test_nothing_is_lost_or_counted_twice_whatever_is_killed(servers, settings_env, tmp_path):
    outcome = run(short_plan(seed=20, submissions=SUBMISSIONS), servers, settings_env, tmp_path, print)
    print("\n".join(table(outcome)))
    assert {name: count for name, count in troubles(outcome).items() if count} == {}
    assert outcome.findings.final == SUBMISSIONS
