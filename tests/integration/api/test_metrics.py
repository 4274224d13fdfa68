"""GET /metrics: what an operator's Prometheus reads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from core import tallies
from core.bus import RedisBus
from core.db import now
from core.models.event import Delivery, Worker
from core.outbox import Ports
from core.queue import InMemoryQueue
from core.services.tallies import add_tallies
from core.tallies import Tallies
from core.words import Channel
from deploy.local.places import CHECKOUT
from tests.factories import rows

DOCUMENTED = re.findall(
    r"^\| `(creathon_\w+)", (CHECKOUT / "docs" / "observability.md").read_text(), re.MULTILINE
)


@pytest.fixture
def scrape(anybody):
    """`scrape()` answers the samples as {(name, *label values): value}."""

    def ask(client=anybody):
        families = text_string_to_metric_families(client.get("/metrics").get_data(as_text=True))
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
        }

    return ask


def test_every_documented_figure_is_there_before_anything_happened_and_no_other(anybody):
    text = anybody.get("/metrics").get_data(as_text=True)
    families = {family.name for family in text_string_to_metric_families(text)}
    assert families == {name.removesuffix("_total") for name in DOCUMENTED}


def test_the_queues_say_who_waits_and_how_many_workers_they_want(scrape, database):
    user, question = rows.user(database), rows.challenge(database)
    for _ in range(30):
        rows.submission(database, user, question)
    database.commit()
    found = scrape()
    assert found["creathon_submissions", "queued"] == 30
    assert found["creathon_queue_depth", "knowledge"] == 30
    assert found["creathon_queue_wait_seconds", "knowledge"] == float("inf")
    assert found["creathon_queue_wait_seconds", "code"] == 0
    database.add(Worker(name="w", queues=["knowledge"], languages={}, processes=3))
    database.commit()
    found = scrape()
    assert found["creathon_workers", "knowledge"] == 1
    assert found["creathon_queue_wait_seconds", "knowledge"] == 10
    assert found["creathon_workers_wanted", "knowledge"] == 1


def test_what_other_processes_counted_is_there(scrape, database):
    gathered = Tallies()
    gathered.count(tallies.ENDED, 3, status="graded", verdict="accepted")
    gathered.observe(tallies.GRADING, 0.3, kind="code.batch", language="c")
    add_tallies(database, gathered.take())
    database.commit()
    found = scrape()
    assert found["creathon_submissions_ended_total", "graded", "accepted"] == 3
    assert found["creathon_grading_seconds_sum", "code.batch", "c"] == pytest.approx(0.3)
    assert found["creathon_grading_seconds_bucket", "code.batch", "c", "0.25"] == 0
    assert found["creathon_grading_seconds_bucket", "code.batch", "c", "+Inf"] == 1
    assert found["creathon_swept_total", "expired"] == 0


def test_deliveries_are_counted_until_they_are_sent(scrape, database):
    user = rows.user(database)
    for number, state in enumerate([{}, {"sent_at": now()}, {"dead_at": now()}]):
        about = {"user_id": user.id, "event_id": number, "channel": Channel.TELEGRAM, "target": "1"}
        database.add(Delivery(**about, **state))
    database.commit()
    found = scrape()
    assert found["creathon_deliveries", "telegram", "due"] == 1
    assert found["creathon_deliveries", "telegram", "dead"] == 1


def test_without_the_database_a_process_still_tells_its_own_figures(scrape, settings):
    dead = replace(settings, database_url="postgresql+psycopg2://x:y@127.0.0.1:1/z")
    client = create_app(dead, Ports(InMemoryQueue(), RedisBus(settings.redis_url))).test_client()
    found = scrape(client)
    assert found["creathon_live_connections",] == 0
    assert not [name for name in found if name[0] == "creathon_queue_depth"]
