"""The roles of deploy/postgresql and deploy/redis carry a submission to its verdict, and nothing beyond their work."""

import re

import psycopg2
import pytest
import redis
import requests
from psycopg2.errors import InsufficientPrivilege

from tests.support.guarded import guarded_servers
from tests.support.metric_names import METRICS
from tests.support.people import author
from tests.support.processes import ProcessFactory, WebProcess, wait_until

SUM = {"language": "python", "source": "a, b = map(int, input().split())\nprint(a + b)"}
CASES = [{"input": "20 22\n", "output": "42\n"}]
DEAD_WORKER = """
UPDATE submissions
SET status = 'grading', grading_attempt = 1, lease_expires_at = now() - interval '1 minute'
"""
ADDITION = {
    "title": "Add",
    "description": "Add two numbers.",
    "difficulty": "beginner",
    "points": 100,
    "kind": "code.batch",
    "spec": {"languages": ["python"], "groups": [{"name": "main", "points": 100, "cases": CASES}]},
    "state": "published",
}
CHECKED = ADDITION | {"solutions": [{"name": "accepted.py", "answer": SUM}]}
DUE = CHECKED | {"state": "draft", "publish_at": "2026-01-01T00:00:00Z"}


@pytest.fixture(scope="module")
def guarded(servers, settings_env, tmp_path_factory):
    with guarded_servers(servers, settings_env, tmp_path_factory.mktemp("guarded")) as guarded:
        yield guarded


@pytest.fixture(scope="module")
def web(guarded, settings_env, tmp_path_factory):
    """The API under the application's roles, for all tests of this file."""
    factory = ProcessFactory("web", WebProcess, settings_env, tmp_path_factory.mktemp("web"))
    try:
        yield factory(DATABASE_URL=guarded.database["app"], REDIS_URL=guarded.redis_url)
    finally:
        kill(*factory.made)


def kill(*processes):
    """They have nothing to finish, so there is nothing to wait for."""
    for process in processes:
        process.kill()


def execute(url, statement):
    """The first row, when there is one."""
    connection = psycopg2.connect(url, connect_timeout=10)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def test_dead_workers_submission_is_graded_and_checked_challenges_are_published_under_the_roles(
    guarded, web, worker_process, sweeper_process
):
    owner = guarded.database["owner"]
    person = author(web.url, owner)
    challenge = person.make("/challenges/", **ADDITION)["id"]
    checked, due = person.make("/challenges/", **CHECKED)["id"], person.make("/challenges/", **DUE)["id"]
    submission = person.submit(challenge, SUM).json()["id"]
    execute(owner, DEAD_WORKER)
    execute(owner, "UPDATE auth_sessions SET expires_at = now() - interval '1 minute'")
    sweeper = sweeper_process(DATABASE_URL=guarded.database["sweeper"], REDIS_URL=guarded.redis_url)
    worker = worker_process(DATABASE_URL=guarded.database["worker"], REDIS_URL=guarded.redis_url)

    def housekept():
        return execute(owner, "SELECT count(*) FROM auth_sessions")[0] == 0

    def state(one):
        return execute(owner, f"SELECT state FROM challenges WHERE id = {one}")[0]

    def verdict():
        return execute(owner, f"SELECT status, verdict, points FROM submissions WHERE id = {submission}")

    wait_until(lambda: verdict()[0] == "graded", "the submission is graded")
    wait_until(housekept, "the sweeper has cleaned up")
    for one in (checked, due):
        wait_until(lambda one=one: state(one) == "published", "the challenge has passed its check")
    assert verdict() == ("graded", "accepted", 100)
    assert "denied" not in sweeper.log
    with redis.Redis.from_url(guarded.operator_url) as operator:
        assert operator.acl_log() == []
    kill(worker, sweeper)


def test_the_figures_that_alerts_and_dashboard_name_are_those_of_the_api(web):
    exposition = requests.get(f"{web.url}/metrics", timeout=20).text
    assert set(re.findall(r"^# TYPE (\w+)", exposition, re.MULTILINE)) == set(METRICS)


FORBIDDEN = {
    "worker": [
        "SELECT password_hash FROM users",
        "SELECT email FROM users",
        "SELECT * FROM users",
        "UPDATE users SET role = 'admin'",
        "SELECT 1 FROM auth_sessions",
        "SELECT 1 FROM telegram_link_codes",
        "SELECT 1 FROM idempotency_keys",
        "SELECT draft FROM telegram_accounts",
        "UPDATE challenges SET points = 1000",
        "UPDATE batches SET status = 'passed'",
        "INSERT INTO gradings (batch_id) VALUES (1)",
        "DELETE FROM submissions",
        "UPDATE points_ledger SET points = 1000",
    ],
    "sweeper": [
        "SELECT password_hash FROM users",
        "SELECT email FROM users",
        "SELECT refresh_id FROM auth_sessions",
        "SELECT code_hash FROM telegram_link_codes",
        "SELECT body FROM idempotency_keys",
        "UPDATE users SET role = 'admin'",
        "DELETE FROM challenges",
        "UPDATE challenge_revisions SET points = 1000",
        "SELECT details FROM audit_log",
        "DELETE FROM batches",
    ],
    "scaler": ["SELECT answer FROM submissions", "SELECT 1 FROM users", "DELETE FROM workers"],
    "app": [
        "TRUNCATE submissions CASCADE",
        "DROP TABLE submissions",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "ALTER TABLE users ADD COLUMN mine int",
        "UPDATE points_ledger SET points = 1000",
        "UPDATE challenge_revisions SET points = 1000",
        "DELETE FROM alembic_version",
        "DELETE FROM audit_log",
    ],
}


def allowed(url, statements):
    """Those of the statements that the role of `url` may execute."""
    return [statement for statement in statements if not refused(url, statement)]


def refused(url, statement):
    try:
        execute(url, statement)
    except InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("role", FORBIDDEN)
def test_a_role_is_refused_what_it_has_no_need_of(guarded, role):
    assert allowed(guarded.database[role], FORBIDDEN[role]) == []


def test_a_table_of_a_later_migration_is_the_applications_without_a_grant(guarded):
    execute(guarded.database["owner"], "CREATE TABLE later (id serial PRIMARY KEY, word text)")
    execute(guarded.database["app"], "INSERT INTO later (word) VALUES ('new')")
    with pytest.raises(InsufficientPrivilege):
        execute(guarded.database["worker"], "SELECT word FROM later")


COMMANDS = (
    ("FLUSHALL",),
    ("CONFIG", "SET", "maxmemory-policy", "allkeys-lru"),
    ("CONFIG", "GET", "*"),
    ("KEYS", "*"),
    ("REPLICAOF", "NO", "ONE"),
    ("ACL", "LIST"),
    ("SHUTDOWN",),
    ("GET", "somebody-elses-key"),
    ("PUBLISH", "somebody-elses-channel", "x"),
)


def test_the_applications_redis_user_is_refused_what_it_has_no_need_of(guarded):
    with redis.Redis.from_url(guarded.redis_url) as client:
        for command in COMMANDS:
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command)


def test_nobody_gets_into_redis_without_a_name(guarded):
    anonymous = "redis://" + guarded.redis_url.rpartition("@")[2]
    with redis.Redis.from_url(anonymous) as client, pytest.raises(redis.exceptions.AuthenticationError):
        client.ping()
