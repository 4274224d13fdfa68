"""Sending tickets to a real broker, in whatever mood it is."""

import json

import pytest
import redis
from celery import Celery

from core import queue as door
from core.grading import Lane, Queue
from core.queue import ENOUGH, CeleryQueue, QueueUnavailable, ticket, trial_task

KNOWLEDGE, PYTHON = Lane(Queue.KNOWLEDGE), Lane(Queue.CODE, "python")


@pytest.fixture
def broker(redis_url, monkeypatch):
    app = Celery("test", broker=redis_url, amqp=door.QuickAMQP)
    app.conf.task_ignore_result = True
    monkeypatch.setattr(door, "celery_app", app)
    yield redis.Redis.from_url(redis_url)
    app.close()


def test_enough_tickets_for_questions_wake_every_worker(broker):
    queue = CeleryQueue()
    for _ in range(ENOUGH + 3):
        queue.send(ticket(KNOWLEDGE))
    assert queue.length(KNOWLEDGE) == ENOUGH


def test_each_program_has_a_ticket_in_the_lane_of_its_language(broker):
    queue = CeleryQueue()
    queue.send_many([ticket(PYTHON)] * 7)
    assert (queue.length(PYTHON), queue.length(Lane(Queue.CODE, "cpp"))) == (7, 0)


def test_questions_may_hang_for_seconds_only(broker):
    CeleryQueue().send(ticket(KNOWLEDGE))
    message = json.loads(broker.rpop(KNOWLEDGE.name))
    assert message["headers"]["timelimit"] == [30, 20]


def test_tickets_of_every_priority_are_counted(broker):
    queue = CeleryQueue()
    lane = Lane(Queue.REJUDGES, "python")
    queue.send(ticket(lane))
    queue.send(trial_task(1, "python"))
    assert (queue.length(lane), queue.length(Lane(Queue.RUNS, "python"))) == (1, 1)


def test_a_redis_that_is_full_is_a_broker_that_does_not_answer(broker):
    used = broker.info("memory")["used_memory"]
    before = broker.config_get("maxmemory")["maxmemory"]
    broker.config_set("maxmemory", max(used // 2, 1))
    try:
        with pytest.raises(QueueUnavailable, match="does not answer"):
            CeleryQueue().send(ticket(PYTHON))
    finally:
        broker.config_set("maxmemory", before)


def test_a_redis_that_is_away_is_noticed_at_once(broker, servers):
    queue = CeleryQueue()
    queue.send(ticket(PYTHON))
    servers.valkey.stop()
    try:
        with pytest.raises(QueueUnavailable):
            queue.send(ticket(PYTHON))
    finally:
        servers.valkey.start()
    queue.send(ticket(PYTHON))
