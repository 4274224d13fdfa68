"""Nothing that gives an answer away reaches a learner: every kind, through every door, as real processes serve them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from graders.registry import GRADERS
from tests.functional.telegram.phone import Phone
from tests.support.people import Person, learner
from tests.support.secret_specs import KEYS, MARK, Secret, secrets

SECRETS = list(secrets())
# What belongs to authors; asked for here by somebody who is none.
DOORS = (
    "revisions",
    "revisions/1",
    "checks",
    "statistics",
    "editorial",
    "hints",
    "hints?lang=de",
    "?lang=de",
)
LISTS = (
    "/challenges/", "/challenges/?q=Number", "/events?after=0&page_size=100", "/submissions/", "/progress/", "/graders",
    "/exports?format=zip", "/queues", "/openapi.json", "/asyncapi.json",
)  # fmt: skip


# So many walk side by side: a chat hears one message a second at most.
WALKERS = 5


class Recorder:
    """Keeps all that a learner is told: answers with their headers, live events, messages in the chat."""

    def __init__(self, person: Person, phone: Phone) -> None:
        self.person, self.phone = person, phone
        self.answers: list[str] = []
        self.events: list[Any] = []

    @property
    def heard(self) -> dict[str, str]:
        """What came in, by the way that it took."""
        chat = [[shown.text, shown.buttons] for shown in self.phone.messages]
        return {
            "REST": "\n".join(self.answers),
            "Socket.IO": json.dumps(self.events),
            "Telegram": json.dumps(chat),
        }

    def walk_all(self, guarded: list[tuple[int, Secret]]) -> None:
        """Do all that a learner can, and wait until all has been told."""
        with self.person.listen() as live:
            for challenge, secret in guarded:
                self.phone.write(f"/challenge {challenge}")
                self.walk(secret, challenge)
            for path in LISTS:
                self.ask("GET", path)
            live.wait_for("submission.graded", 2 * sum(not GRADERS[one.kind].manual for _, one in guarded))
        self.events = live.events
        for challenge, _ in guarded:
            self.phone.reads(f"Number {challenge}")

    def ask(self, method: str, path: str, **request: Any) -> Any:
        answer = self.person.call(method, path, **request)
        self.answers.append(f"{method} {path}: {answer.headers} {answer.text}")
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
    return {_made(staffed.author, secret): secret for secret in SECRETS}


def _made(writer: Person, secret: Secret) -> int:
    body = {"title": "Soon", "description": "Do it.", "difficulty": "beginner", "points": 10}
    body |= {"kind": secret.kind, "spec": secret.spec, "state": "published"}
    # Solutions have tests of their own: they would have to be accepted before anything is published.
    body |= {name: value for name, value in secret.fields.items() if name != "solutions"}
    answer = writer.call("POST", "/challenges/", json=body)
    assert answer.status_code == 201, answer.text
    made = int(answer.json()["id"])
    _change(writer, made, title=f"Number {made}")
    # Of programs they wait as an edit, which learners see nothing of either.
    _change(writer, made, solutions=secret.fields["solutions"])
    return made


def _change(writer: Person, challenge: int, **changes: Any) -> None:
    edited = writer.call("PATCH", f"/challenges/{challenge}", json=changes)
    assert edited.status_code == 200, edited.text


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


def test_no_secret_reaches_a_learner_through_any_door(guarded, standing, bot, phone_of):
    web, worker = standing
    people = [learner(web.url) for _ in range(WALKERS)]
    recorders = [Recorder(person, phone_of(person.name)) for person in people]
    shares = [list(guarded.items())[number::WALKERS] for number in range(WALKERS)]
    with ThreadPoolExecutor(WALKERS) as pool:
        list(pool.map(Recorder.walk_all, recorders, shares))
    heard = {
        f"{door} of {number}": text
        for number, one in enumerate(recorders)
        for door, text in one.heard.items()
    }
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
