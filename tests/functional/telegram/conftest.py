"""The real bot process between a strict fake Bot API and real PostgreSQL and Valkey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from core.bus import RedisBus
from core.db import make_engine, session_factory
from core.grading import CaseResult, GradeReport, Lane, Verdict
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.models.user import User
from core.outbox import Ports, transaction
from core.queue import InMemoryQueue
from core.services.claims import claim_submissions
from core.services.grading import finish_gradings
from core.services.submissions import NewSubmission, create_submission
from core.services.telegram import create_link_code, link_chat
from core.settings import Settings
from graders.registry import grader_for
from tests.factories import rows
from tests.functional.telegram.bot_api_server import running_bot_api
from tests.functional.telegram.fake_bot_api import BOT, TOKEN, FakeBotApi
from tests.functional.telegram.phone import Phone
from tests.support.processes import AppProcess, ProcessFactory

# What Telegram answers in the ordinary course of things, for example to a second edit.
ORDINARY = ("message is not modified", "message to edit not found", "query is too old")


def bot_env(api: FakeBotApi) -> dict[str, str]:
    """What leads a bot process to our Bot API."""
    name = str(BOT["username"])
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": api.url, "TELEGRAM_BOT_USERNAME": name}


@pytest.fixture(scope="module")
def standing_api() -> Iterator[FakeBotApi]:
    with running_bot_api() as api:
        yield api


@pytest.fixture
def bot_api(standing_api: FakeBotApi) -> Iterator[FakeBotApi]:
    """The module's Bot API. In a test, the bot must make no request that Telegram refuses, and none too fast."""
    standing_api.forget()
    yield standing_api
    refused = [what for what in standing_api.refused if "Bad Request" in what[1]]
    assert [what for what in refused if not any(word in what[1] for word in ORDINARY)] == []
    assert standing_api.too_fast == []


@pytest.fixture(scope="module")
def standing_bot(
    standing_api: FakeBotApi, settings_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    factory = ProcessFactory("bot", AppProcess, settings_env, tmp_path_factory.mktemp("bot"))
    try:
        process = factory(**bot_env(standing_api))
        standing_api.wait_until(lambda: standing_api.count("getUpdates"), "the bot polls")
        yield process
    finally:
        factory.stop_all()


@pytest.fixture
def bot(standing_bot: Any, bot_api: FakeBotApi) -> Iterator[Any]:
    """The module's bot process; a module whose tests kill it makes its own with `start_bot`."""
    yield standing_bot
    print(standing_bot.log[-8000:])  # pytest shows it when the test fails


@pytest.fixture
def start_bot(bot_process: Any, bot_api: FakeBotApi) -> Callable[..., Any]:
    """`start_bot(**env)` starts a bot process of the test's own, which polls already."""

    def start(**env: str) -> Any:
        polls = bot_api.count("getUpdates")
        process = bot_process(**(bot_env(bot_api) | env))
        bot_api.wait_until(lambda: bot_api.count("getUpdates") > polls, "the bot polls")
        return process

    return start


@dataclass(frozen=True, slots=True)
class House:
    """The rest of the application, as far as the bot can tell: rows, and the grading of submissions."""

    sessions: sessionmaker[Session]
    ports: Ports

    def user(self, **fields: Any) -> User:
        with self.sessions.begin() as session:
            return rows.user(session, **fields)

    def named(self, username: str) -> User:
        with self.sessions() as session:
            return session.query(User).filter_by(username=username).one()

    def challenge(self, **fields: Any) -> Challenge:
        """By default a published text question; its answer is Paris."""
        with self.sessions.begin() as session:
            return rows.challenge(session, **fields)

    def link_code(self, user: User) -> str:
        with self.sessions.begin() as session:
            return create_link_code(session, user)[0]

    def submit(self, user: User, challenge: Challenge, answer: Any) -> int:
        """A submission from the web page."""
        with transaction(self.sessions, self.ports) as session:
            grader = grader_for(challenge.kind)
            return create_submission(session, user, challenge, grader, NewSubmission(answer)).id

    def grade(self, submission_id: int, score: float = 1.0) -> None:
        """What a worker does when it has a verdict."""
        verdict = Verdict.ACCEPTED if score == 1 else Verdict.WRONG_ANSWER
        with transaction(self.sessions, self.ports) as session:
            lane = Lane.parse(session.get_one(Submission, submission_id).lane)
            [claim] = [
                c for c in claim_submissions(session, lane, "test", 100) if c.submission_id == submission_id
            ]
            report = GradeReport(verdict, score, (CaseResult("answer", verdict, score),))
            assert finish_gradings(session, [(claim, report)])

    def all(self, model: type[Any]) -> list[Any]:
        """Every row of a model, in the order of its ids."""
        with self.sessions() as session:
            return list(session.query(model).order_by(*model.__mapper__.primary_key))

    @property
    def submissions(self) -> list[Submission]:
        return self.all(Submission)


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    engine = make_engine(settings.database_url)
    bus = RedisBus(settings.redis_url)
    yield House(session_factory(engine), Ports(InMemoryQueue(), bus))
    engine.dispose()


def link(house: House, phone: Phone, user: User) -> Phone:
    """`phone` as the chat of `user`, linked before the bot runs."""
    with house.sessions.begin() as session:
        link_chat(session, create_link_code(session, user)[0], phone.chat_id)
    return phone


@pytest.fixture
def linked_phone(house: House, bot_api: FakeBotApi) -> Callable[[], tuple[Phone, User]]:
    """Makes a learner with a linked chat; no bot needs to run for it."""

    def make() -> tuple[Phone, User]:
        user = house.user()
        return link(house, Phone(bot_api, 5_000_000 + bot_api.next_number()), user), user

    return make


@pytest.fixture
def phone_of(house: House, bot_api: FakeBotApi) -> Callable[[str], Phone]:
    """`phone_of(username)` is a chat that is linked to the account."""

    def make(username: str) -> Phone:
        return link(house, Phone(bot_api, 5_000_000 + bot_api.next_number()), house.named(username))

    return make


@pytest.fixture
def phone(bot_api: FakeBotApi) -> Phone:
    """A chat that nobody has linked."""
    return Phone(bot_api, 5_000_000 + bot_api.next_number())


@pytest.fixture
def learner(house: House) -> User:
    return house.user()


@pytest.fixture
def linked(bot: Any, house: House, phone: Phone, learner: User) -> Phone:
    """The chat of `learner`, with the bot running."""
    phone.write(f"/start {house.link_code(learner)}")
    phone.reads("Connected")
    return phone


@pytest.fixture
def opened(linked_phone: Callable[[], tuple[Phone, User]], house: House) -> Callable[[], Phone]:
    """`opened()` is a linked chat with an open challenge that a text answers; the bot must run."""
    phone, _ = linked_phone()
    challenge = house.challenge()

    def open_it() -> Phone:
        phone.write(f"/challenge {challenge.id}")
        phone.reads("next message")
        return phone

    return open_it
