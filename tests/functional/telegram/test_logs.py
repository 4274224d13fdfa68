"""What the processes log while a learner answers on the web and in a chat: one thread to follow, and no secrets."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import rows
from tests.functional.telegram.fake_bot_api import TOKEN
from tests.support.people import PASSWORD
from tests.support.people import learner as registered
from tests.support.processes import wait_until

SECRET_ANSWER = "Paris, the secret answer"
SPEC = {"accept": [{"text": SECRET_ANSWER}]}


class Logs:
    """The lines of the three processes, by process name."""

    def __init__(self, **processes):
        self._processes = processes

    def text(self, name):
        return self._processes[name].log

    def lines(self, name):
        return [json.loads(line) for line in self.text(name).splitlines()]

    def about(self, name, **fields):
        return [line for line in self.lines(name) if fields.items() <= line.items()]


@pytest.fixture
def heard(start_bot, house, phone, app_process, worker_process):
    """The logs after one accepted answer from the web and one from the chat, and what must not be in them."""
    web = app_process(TELEGRAM_BOT_USERNAME="creathon_test_bot")
    worker, bot = worker_process(), start_bot()
    person = registered(web.url)
    code = parse_qs(urlsplit(person.make("/telegram/link")["url"]).query)["start"][0]
    phone.write(f"/start {code}")
    phone.reads("Connected")
    with house.sessions.begin() as session:
        first, second = (rows.challenge(session, title=title, spec=SPEC) for title in ("One", "Two"))
    person.submit(first.id, {"text": SECRET_ANSWER}, **{"X-Request-ID": "from-the-web-1"})
    phone.reads("Accepted", "One")
    phone.write(f"/challenge {second.id}")
    phone.reads("next message")
    phone.write(SECRET_ANSWER)
    phone.reads("Accepted", "Two")
    logs = Logs(web=web, worker=worker, bot=bot)
    wait_until(
        lambda: len([line for line in logs.lines("bot") if "was sent" in line["event"]]) == 4, "all is sent"
    )
    secrets = [TOKEN, PASSWORD, person.token, code, SECRET_ANSWER]
    secrets += [web.env["SECRET_KEY"], web.env["JWT_SECRET_KEY"]]
    secrets += [urlsplit(web.env[name]).password for name in ("DATABASE_URL", "REDIS_URL")]
    return logs, secrets


def test_one_id_leads_from_the_request_to_the_worker_and_to_the_chat(heard):
    logs, secrets = heard
    (request,) = logs.about("web", request_id="from-the-web-1", event="request")
    assert (request["method"], request["status"]) == ("POST", 202)
    (graded,) = logs.about("worker", request_id="from-the-web-1", attempt=1)
    (sent,) = logs.about("bot", request_id="from-the-web-1")
    assert graded["submission_id"] == sent["submission_id"]
    # The same for an answer from the chat, whose request is an update.
    graded = next(line for line in logs.lines("worker") if line.get("request_id", "").startswith("tg-"))
    said = [line["event"] for line in logs.about("bot", request_id=graded["request_id"])]
    assert any("was handled" in event for event in said)
    assert any("was sent" in event for event in said)
    # Gunicorn's and Celery's own lines parse too, or `lines` would have failed.
    assert logs.about("web", logger="gunicorn.error")
    assert any(line["logger"].startswith("celery") for line in logs.lines("worker"))
    everything = "".join(logs.text(name) for name in ("web", "worker", "bot"))
    assert [secret for secret in secrets if secret in everything] == []
