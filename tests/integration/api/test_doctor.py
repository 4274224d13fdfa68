"""`flask doctor`: what it finds in a real installation, healthy and ill."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from dataclasses import replace

import pytest
import redis

from api.app import create_app
from api.doctor.host import _compared
from core.db import now
from core.models.event import Delivery, Worker
from core.words import Channel, SubmissionStatus
from deploy.local.places import CHECKOUT
from tests.factories import rows


@pytest.fixture
def examine(app):
    """`examine()` answers the exit code and {check: finding}; of checks with many lines, the last."""

    def run(of=app):
        done = of.test_cli_runner().invoke(args=["doctor", "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code, {finding["check"]: finding for finding in json.loads(done.output)}

    return run


@pytest.fixture
def valkey(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        yield client


def test_the_servers_of_the_tests_are_well_but_for_their_durability(examine):
    """They are set up to be thrown away, and the doctor says so."""
    code, found = examine()
    assert code == 1
    assert found["database"]["state"] == found["redis"]["state"] == found["clock"]["state"] == "ok"
    assert found["migrations"]["state"] == found["redis eviction"]["state"] == "ok"
    assert found["database durability"]["state"] == "FAILED"
    assert "Set fsync" in found["database durability"]["mend"]


def test_a_queue_and_a_language_that_nobody_serves_fail(examine, database):
    rows.challenge(database, kind="code.batch", spec={"languages": ["rust", "c"]})
    database.add(Worker(name="w@elsewhere", queues=["code"], languages={"c": "12.2"}, processes=2))
    database.add(Worker(name="x@elsewhere", queues=["code"], languages={}, problem="It cannot box programs."))
    database.commit()
    _, found = examine()
    assert found["worker w@elsewhere"]["detail"] == "code; 2 at once; c 12.2."
    assert found["worker x@elsewhere"]["state"] == "warning"
    assert found["language rust"]["state"] == "FAILED"
    assert found["languages"]["detail"] == "c are needed and served."
    assert found["queue code"]["state"] == "ok"
    assert "celery -A workers.app worker -Q knowledge" in found["queue knowledge"]["mend"]
    assert found["sandbox"]["detail"].startswith("Not looked at")


def test_work_that_went_wrong_shows(examine, database):
    user, question = rows.user(database), rows.challenge(database)
    for status in (SubmissionStatus.FAILED, SubmissionStatus.GRADING):
        made = rows.submission(database, user, question)
        made.status, made.graded_at, made.lease_expires_at = status, now(), now().replace(year=2020)
        made.verdict = "internal_error" if status is SubmissionStatus.FAILED else None
    about = {"user_id": user.id, "event_id": 99, "channel": Channel.TELEGRAM, "target": "1"}
    database.add(Delivery(**about, dead_at=now()))
    database.commit()
    _, found = examine()
    assert found["submissions"]["detail"].startswith("1 failed in the last 24 hours")
    assert found["sweeper"]["state"] == "FAILED"
    assert found["deliveries"]["state"] == "warning"


def test_a_redis_that_may_forget_is_noticed(examine, valkey):
    kept = (
        valkey.config_get("maxmemory-policy")["maxmemory-policy"],
        valkey.config_get("appendonly")["appendonly"],
    )
    try:
        valkey.config_set("maxmemory-policy", "allkeys-lru")
        valkey.config_set("appendonly", "no")
        _, found = examine()
    finally:
        valkey.config_set("maxmemory-policy", kept[0])
        valkey.config_set("appendonly", kept[1])
    assert found["redis eviction"]["mend"] == "Set `maxmemory-policy noeviction` in its configuration."
    assert found["redis persistence"]["state"] == "warning"


def test_what_the_acl_forbids_to_ask_is_a_warning(examine, settings, valkey):
    password = secrets.token_hex(8)
    valkey.acl_setuser(
        "narrow", enabled=True, passwords=[f"+{password}"], commands=["+ping", "+time"], keys=["*"]
    )
    address = settings.redis_url.rpartition("@")[2]
    try:
        _, found = examine(create_app(replace(settings, redis_url=f"redis://narrow:{password}@{address}")))
    finally:
        valkey.acl_deluser("narrow")
    assert found["redis"]["state"] == "ok"
    assert "forbids INFO" in found["redis settings"]["detail"]


def test_with_everything_down_each_failure_is_a_line_without_secrets(settings):
    down = replace(
        settings,
        database_url="postgresql+psycopg2://x:hidden-password@127.0.0.1:1/z",
        redis_url="redis://:hidden-password@127.0.0.1:1/0",
        telegram_bot_token="1:hidden-token",
    )
    done = create_app(down).test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "FAILED   database: PostgreSQL does not answer" in done.output
    assert "FAILED   redis: Redis does not answer" in done.output
    assert "Traceback" not in done.output
    assert "hidden" not in done.output


def test_a_missing_setting_is_a_line_too_and_an_error_of_every_other_command(settings_env):
    without = {name: value for name, value in settings_env.items() if name != "REDIS_URL"}

    def flask(*arguments):
        return subprocess.run(
            ["flask", *arguments], env=without, cwd=CHECKOUT, capture_output=True, text=True, timeout=60
        )

    done = flask("doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("FAILED   settings: REDIS_URL is not set.")
    refused = flask("db", "upgrade")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Creathon cannot start")


def test_a_database_without_tables_is_told_how_to_get_them(settings, empty_database_url, examine):
    empty = replace(
        settings, database_url=empty_database_url.replace("postgresql://", "postgresql+psycopg2://")
    )
    _, found = examine(create_app(empty))
    assert found["migrations"]["mend"] == "Run `flask db upgrade`."
    assert found["workers"]["state"] == "FAILED"


@pytest.mark.parametrize(("behind", "state"), [(0.0, "ok"), (5.0, "FAILED"), (-5.0, "FAILED")])
def test_clocks_that_differ_by_more_than_a_second_are_named(behind, state):
    finding = _compared("PostgreSQL", time.time() - behind, time.time())
    assert finding.state == state
