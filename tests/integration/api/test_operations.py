"""Probes, figures, the API page, and the headers around every answer."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from api.app import create_app
from api.hooks import SAFE_HEADERS
from core.bus import RedisBus
from core.outbox import Ports
from core.queue import InMemoryQueue
from core.services.workers import Offer, announce_worker
from tests.factories.rows import challenge, submission, user


@pytest.fixture
def app(settings, ports):
    """One for each test: it remembers figures for a while."""
    return create_app(settings, ports)


@pytest.fixture
def live(settings):
    """The application with the real Redis."""
    return create_app(settings, Ports(InMemoryQueue(), RedisBus(settings.redis_url)))


def test_ready_needs_postgresql_redis_and_a_worker(live, database):
    client = live.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["status"] == "not_ready"
    failed = {name for name, check in answer.get_json()["checks"].items() if not check["ok"]}
    assert failed == {"worker"}
    announce_worker(database, "w1", Offer(["code"], {"python": "3.11.9"}))
    database.commit()
    assert client.get("/readyz").get_json()["status"] == "ready"


def test_what_does_not_answer_is_named_and_the_rest_is_not_blamed(settings, database):
    announce_worker(database, "w1", Offer(["code"], {}))
    database.commit()
    ports = Ports(InMemoryQueue(), RedisBus("redis://127.0.0.1:1/0"))
    checks = create_app(settings, ports).test_client().get("/readyz").get_json()["checks"]
    assert {name for name, check in checks.items() if not check["ok"]} == {"redis"}


def test_a_database_that_lacks_migrations_is_not_ready(live, database):
    head = database.scalar(text("SELECT version_num FROM alembic_version"))
    try:
        database.execute(text("UPDATE alembic_version SET version_num = '63f8235eeb89'"))
        database.commit()
        check = live.test_client().get("/readyz").get_json()["checks"]["migrations"]
    finally:
        database.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})
        database.commit()
    assert "run `flask db upgrade`" in check["detail"]


def test_without_the_database_the_api_answers_503_and_health_200(settings):
    dead = replace(settings, database_url="postgresql+psycopg2://x:y@127.0.0.1:1/z")
    client = create_app(dead, Ports(InMemoryQueue(), RedisBus(settings.redis_url))).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    answer = client.post("/api/auth/login", json={"login": "ada", "password": "x"})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "service_unavailable")
    assert answer.headers["Retry-After"]


def test_log_in_works_while_redis_is_down(settings, learner):
    without = replace(settings, rate_limits=True, redis_url="redis://127.0.0.1:1/0")
    client = create_app(without, Ports(InMemoryQueue(), RedisBus(without.redis_url))).test_client()
    login = {"login": learner.username, "password": "correct horse battery"}
    assert client.post("/api/auth/login", json=login).status_code == 200


def test_metrics_count_submissions_queues_and_requests(anybody, database):
    question = challenge(database)
    submission(database, user(database), question)
    database.commit()
    anybody.get("/api/graders")
    text = anybody.get("/metrics").get_data(as_text=True)
    assert 'creathon_submissions{status="queued"} 1.0' in text
    assert 'creathon_submissions{status="awaiting_review"} 0.0' in text
    assert 'creathon_queue_depth{queue="knowledge"} 1.0' in text
    assert 'creathon_requests_total{endpoint="catalogue.graders",method="GET",status="200"}' in text


def test_languages_are_those_of_live_workers(anybody, database):
    announce_worker(database, "w1", Offer(["code"], {"python": "3.11.9", "c": "12.2"}))
    announce_worker(database, "w2", Offer(["code"], {"python": "3.11.9"}))
    database.commit()
    assert anybody.get("/api/languages").get_json() == [
        {"name": "c", "version": "12.2", "workers": 1},
        {"name": "python", "version": "3.11.9", "workers": 2},
    ]


def test_kinds_come_with_their_schemas(anybody):
    kinds = {row["kind"]: row for row in anybody.get("/api/graders").get_json()}
    assert {"code.batch", "choice", "text", "numeric"} <= kinds.keys()
    assert kinds["choice"]["answer_schema"]["properties"].keys() == {"selected"}


def test_the_api_page_loads_nothing_from_elsewhere(anybody):
    page = anybody.get("/api/docs")
    html = page.get_data(as_text=True)
    assert "http://" not in html
    assert "https://" not in html
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    paths = [word.split('"')[1] for word in html.split() if word.startswith(("src=", "href="))]
    assert len(paths) == 5
    assert all(anybody.get(path, buffered=True).status_code == 200 for path in paths)


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "x.js"])
def test_the_assets_are_only_the_assets(anybody, problem, name):
    problem(anybody.get(f"/api/docs/assets/{name}"), 404, "not_found")


def test_every_answer_carries_safe_headers_and_a_request_id(anybody):
    for path in ("/api/graders", "/api/nothing", "/healthz", "/api/docs"):
        headers = anybody.get(path, headers={"X-Request-ID": "abc-1"}).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Request-ID"] == "abc-1"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert anybody.get("/healthz", headers={"X-Request-ID": "a b\t<"}).headers["X-Request-ID"] != "a b\t<"


def test_every_route_answers_with_every_safe_header(app, anybody):
    asked = {(rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert len(asked) > 80
    for path, method in asked:
        url = re.sub(r"<(\w+:)?\w+>", "1", path)
        answer = anybody.open(url, method=method, base_url="https://learn.example.org", buffered=True)
        missing = {*SAFE_HEADERS, "Strict-Transport-Security", "X-Request-ID"} - set(answer.headers.keys())
        assert (missing, "Server" in answer.headers) == (set(), False), (method, url)
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_strict_transport_is_asked_for_only_over_tls(settings, anybody):
    assert "Strict-Transport-Security" not in anybody.get("/healthz").headers
    proto = {"X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" not in anybody.get("/healthz", headers=proto).headers
    behind = create_app(replace(settings, trusted_proxies=1)).test_client()
    assert behind.get("/healthz", headers=proto).headers["Strict-Transport-Security"]


def test_tokens_are_kept_by_no_cache(anybody):
    assert anybody.post("/api/auth/login", json={}).headers["Cache-Control"] == "no-store"


def test_probes_and_figures_hold_no_secret(settings, anybody):
    shown = "".join(anybody.get(path).get_data(as_text=True) for path in ("/healthz", "/readyz", "/metrics"))
    parts = [urlsplit(url) for url in (settings.database_url, settings.redis_url)]
    hidden = [settings.secret_key, settings.jwt_secret_key, *(p.password for p in parts)]
    assert not [secret for secret in [*hidden, *(f":{p.port}" for p in parts)] if secret in shown]


def test_other_origins_are_let_in_only_when_named(settings, anybody):
    origin = {"Origin": "https://learn.example.org"}
    assert "Access-Control-Allow-Origin" not in anybody.get("/api/graders", headers=origin).headers
    open_to = create_app(replace(settings, cors_origins=("https://learn.example.org",))).test_client()
    answer = open_to.get("/api/graders", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://learn.example.org"
    assert "X-Pagination" in answer.headers["Access-Control-Expose-Headers"]
    stranger = open_to.get("/api/graders", headers={"Origin": "https://evil.example.org"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


def test_an_error_of_ours_is_a_problem_that_says_nothing_more(app, problem):
    app.add_url_rule("/api/broken", view_func=lambda: 1 / 0)
    body = problem(app.test_client().get("/api/broken"), 500, "internal_error")
    assert "division" not in str(body)


@pytest.mark.parametrize(
    "path", ["/api", "/api/nothing", "/nothing", "/api//challenges", "/api/challenges/1/nothing"]
)
def test_what_is_not_there_is_a_problem(anybody, problem, path):
    problem(anybody.get(path), 404, "not_found")


def test_every_operation_of_the_description_says_how_it_may_fail(anybody):
    description = anybody.get("/api/openapi.json").get_json()
    assert description["openapi"] == "3.1.0"
    operations = [
        (path, method, operation)
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]
    assert len(operations) > 30
    for path, method, operation in operations:
        assert operation["summary"], (path, method)
        assert not path.endswith("/")
        assert not [name for name in operation if name.startswith("x-")]
        failures = {status for status in operation["responses"] if status >= "400"}
        assert {"422", "500", "503"} <= failures
        assert ("401" in failures) >= bool(operation.get("security"))
        for status in failures:
            reference = operation["responses"][status]["$ref"].rsplit("/", 1)[1]
            content = description["components"]["responses"][reference]["content"]
            assert content.keys() == {"application/problem+json"}


def test_everybody_sees_how_long_an_answer_would_wait(anybody, database):
    announce_worker(database, "w1", Offer(["knowledge"], {}))
    submission(database, user(database), challenge(database))
    database.commit()
    shown = {queue["name"]: queue for queue in anybody.get("/api/queues").get_json()}
    assert (shown["knowledge"]["depth"], shown["knowledge"]["workers"]) == (1, 1)
    assert shown["knowledge"]["estimated_wait_seconds"] is not None
    assert shown["code"]["estimated_wait_seconds"] is None


def test_a_queued_submission_says_what_it_waits_behind(learner, database):
    question = challenge(database)
    database.commit()
    body = learner.post(f"/challenges/{question.id}/submissions", {"answer": {"text": "Paris"}}).get_json()
    assert body["queue"]["name"] == "knowledge"
    assert body["queue"]["estimated_wait_seconds"] is None
