"""The factories of real processes that the other tests build on."""

import os

import pytest
import requests

from tests.support.processes import ProcessFactory, wait_until


def test_the_web_server_answers_and_is_gone_after_its_stop(app_process: ProcessFactory) -> None:
    web = app_process()
    assert requests.get(f"{web.url}/healthz", timeout=10).status_code == 200
    web.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{web.url}/healthz", timeout=10)


def test_a_killed_worker_can_be_started_again(worker_process: ProcessFactory) -> None:
    worker = worker_process()
    before = worker.pid
    worker.kill()
    assert not worker.running
    worker.start()
    assert worker.pid != before


def test_the_sweeper_ends_when_asked(sweeper_process: ProcessFactory) -> None:
    sweeper = sweeper_process()
    sweeper.stop()
    assert sweeper.exit_code == 0


def test_every_made_process_is_known_to_the_log_of_a_failure(app_process: ProcessFactory) -> None:
    web = app_process()
    requests.get(f"{web.url}/api/nowhere", timeout=10)
    wait_until(lambda: web.log, "something is logged")
    assert app_process.made == [web]


def test_the_schema_is_there(database_url: str) -> None:
    assert os.environ.get("DATABASE_URL") is None
    assert database_url.startswith("postgresql://creathon:")
