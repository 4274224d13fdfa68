"""Nothing that gives an answer away reaches a learner: every kind, through every door, as real processes serve them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from graders.registry import GRADERS
from tests.support.people import Person, learner
from tests.support.secret_specs import KEYS, MARK, Secret, secrets

SECRETS = list(secrets())
# What belongs to authors; asked for here by somebody who is none.
DOORS = ("revisions", "revisions/1", "checks", "statistics", "editorial", "hints")
LISTS = (
    "/challenges/", "/challenges/?q=Number", "/events?after=0&page_size=100", "/submissions/", "/progress/", "/graders",
    "/exports?format=zip", "/queues", "/openapi.json", "/asyncapi.json",
)  # fmt: skip


class Recorder:
    """Keeps all that a learner is answered, headers too."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.heard: list[str] = []

    def ask(self, method: str, path: str, **request: Any) -> Any:
        answer = self.person.call(method, path, **request)
        self.heard.append(f"{method} {path}: {answer.headers} {answer.text}")
        return answer

    def walk(self, secret: Secret, challenge: int) -> None:
        """All that a learner can do with a challenge, well and badly."""
        for path in ("", *(f"/{door}" for door in DOORS)):
            self.ask("GET", f"/challenges/{challenge}{path}")
        self.ask("PATCH", f"/challenges/{challenge}", json={"spec": secret.spec})
        for answer in secret.bad:
            assert (
                self.ask("POST", f"/challenges/{challenge}/submissions", json={"answer": answer}).status_code
                == 422
            )
        self.ask("POST", f"/challenges/{challenge}/runs", json={"answer": secret.wrong})
        for _ in range(2):
            self.submit(secret, challenge)

    def submit(self, secret: Secret, challenge: int) -> None:
        path = f"/challenges/{challenge}/submissions"
        made = self.ask("POST", path, json={"answer": secret.wrong}, headers={"Prefer": "wait=30"}).json()
        self.person.verdict(made["id"])
        self.ask("GET", f"/submissions/{made['id']}")


@pytest.fixture
def guarded(staffed):
    """By challenge id the secret that it holds."""
    return {_made(staffed.author, secret, number): secret for number, secret in enumerate(SECRETS)}


def _made(writer: Person, secret: Secret, number: int) -> int:
    body = {"title": f"Number {number}", "description": "Do it.", "difficulty": "beginner", "points": 10}
    body |= {"kind": secret.kind, "spec": secret.spec, "state": "published"}
    answer = writer.call("POST", "/challenges/", json=body)
    assert answer.status_code == 201, answer.text
    made = int(answer.json()["id"])
    # Of programs they wait as an edit, which learners see nothing of either.
    edited = writer.call("PATCH", f"/challenges/{made}", json={"solutions": secret.fields["solutions"]})
    assert edited.status_code == 200, edited.text
    return made


def marked(text: str) -> str | None:
    """The place where something secret stands, with what is around it."""
    found = MARK.search(text)
    return text[max(found.start() - 200, 0) : found.end() + 60] if found else None


def specs_in(value: Any) -> Iterator[Any]:
    """Every spec in a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "spec" else specs_in(inner)
    if isinstance(value, list):
        for inner in value:
            yield from specs_in(inner)


def names_in(value: Any) -> Iterator[str]:
    """Every key in a JSON value, but for sample tests, which learners see whole."""
    if isinstance(value, dict):
        if value.get("sample"):
            return
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from names_in(inner)


def test_the_walk_meets_every_kind():
    assert {secret.kind for secret in SECRETS} == set(GRADERS)


def test_no_secret_reaches_a_learner_through_any_door(guarded, standing, bot, house, phone):
    web, worker = standing
    recorder = Recorder(learner(web.url))
    phone.write(f"/start {house.link_code(house.named(recorder.person.name))}")
    phone.reads("Connected")
    with recorder.person.listen() as live:
        for number, (challenge, secret) in enumerate(guarded.items()):
            recorder.walk(secret, challenge)
            phone.write(f"/challenge {challenge}")
            phone.reads(f"Number {number}")
        for path in LISTS:
            recorder.ask("GET", path)
        graded = sum(not GRADERS[secret.kind].manual for secret in guarded.values())
        live.wait_for("submission.graded", 2 * graded)
    chat = json.dumps([[shown.text, shown.buttons] for shown in phone.messages])
    heard = {"REST": "\n".join(recorder.heard), "Socket.IO": json.dumps(live.events), "Telegram": chat}
    assert all("wrong_answer" in text.replace("Wrong answer", "wrong_answer") for text in heard.values())
    logs = {"web log": web.log, "worker log": worker.log, "bot log": bot.log}
    assert {door: marked(text) for door, text in (heard | logs).items() if marked(text)} == {}


def test_no_part_of_a_spec_that_learners_see_says_what_is_right(guarded, staffed):
    person = staffed.learner()
    leaks = {}
    for challenge, secret in guarded.items():
        for spec in specs_in(person.get(f"/challenges/{challenge}")):
            if found := KEYS & set(names_in(spec)):
                leaks[secret.kind] = found
    assert leaks == {}
