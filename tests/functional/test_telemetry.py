"""Sentry and OpenTelemetry: off unless configured, and what leaves when they are on."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import urlsplit

import psycopg2
import pytest

from deploy.local.places import CHECKOUT
from tests.support.collector import running_collector
from tests.support.people import PASSWORD, author
from tests.support.processes import wait_until

SECRET_ANSWER = "Paris, the secret answer"
ID = "from-the-web-1"
HEAVY = "'sentry_sdk', 'opentelemetry.sdk.trace', 'opentelemetry.instrumentation', 'google.protobuf'"
IMPORTS = f"import sys, wsgi, workers.app, workers.sweeper, bot.app; print([m for m in ({HEAVY}) if m in sys.modules])"


@pytest.fixture
def collector():
    with running_collector() as collector:
        yield collector


def test_what_is_off_is_not_even_imported(settings_env):
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        env=settings_env,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_reports_and_spans_name_the_request_and_carry_nothing_that_anybody_sent(
    collector, app_process, worker_process, database_url
):
    on = {"SENTRY_DSN": collector.sentry_dsn, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.otlp_endpoint}
    web = app_process(**on)
    person = author(web.url, database_url)
    challenge = {"title": "Q", "description": "?", "difficulty": "beginner", "points": 1, "kind": "text"}
    challenge |= {"spec": {"accept": [{"text": SECRET_ANSWER}]}, "state": "published"}
    challenge_id = person.make("/challenges/", **challenge)["id"]
    person.get("/challenges/", q="the-secret-search")
    submitted = person.submit(challenge_id, {"text": SECRET_ANSWER}, **{"X-Request-ID": ID})
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # or the trigger refuses what comes next
        cursor.execute(
            "UPDATE challenge_revisions SET kind = 'of another version'"
        )  # which no worker can grade
    connection.close()
    worker_process(**on)
    wait_until(collector.reports, "an error is reported", 20)
    wait_until(
        lambda: {"creathon-web", "creathon-worker"} <= {span[0] for span in collector.spans()}, "spans", 20
    )

    report = collector.reports()[0]
    assert (report["tags"]["request_id"], report["tags"]["process"]) == (ID, "worker")
    assert report["exception"]["values"][-1]["stacktrace"]["frames"][-1]["module"] == "graders.registry"
    named = [(name, attributes) for _, name, attributes in collector.spans()]
    grading = [attributes for name, attributes in named if name == "grade"]
    assert grading[0]["creathon.request_id"] == ID
    posted = [a for name, a in named if name.startswith("POST") and a.get("creathon.request_id") == ID]
    assert [a["http.status_code"] for a in posted] == [submitted.status_code]
    secrets = [SECRET_ANSWER, PASSWORD, person.token, person.name, "the-secret-search", "127.0.0.1"]
    secrets += [web.env["SECRET_KEY"], web.env["JWT_SECRET_KEY"], urlsplit(web.env["DATABASE_URL"]).password]
    assert [secret for secret in secrets if secret.encode() in collector.everything] == []
