"""A strict Bot API of our own over HTTP: it holds chats, gives updates until they are confirmed, and refuses what
Telegram would refuse. A test speaks through `Phone`s; what they see is what the bot has really sent.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

from tests.functional.telegram.bot_api_methods import (
    EDIT,
    MESSAGE,
    POLL,
    TAP,
    Params,
    Refused,
    Shown,
    buttons_of,
    commands_of,
    html_text,
    read,
)

TOKEN = "123456789:AAFake-token_of_the_tests_0123456789abc"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Creathon", "username": "creathon_test_bot"}
# Two new messages in one chat closer than this are too fast; the bot leaves a whole second.
TOO_CLOSE = 0.5


@dataclass
class Fault:
    """The next `times` calls of `method` (in `chat_id`, if given) fail with this."""

    method: str
    error: Refused
    chat_id: int | None = None
    times: int = 1

    def hits(self, method: str, params: Mapping[str, str]) -> bool:
        here = self.chat_id is None or params.get("chat_id") == str(self.chat_id)
        return self.times > 0 and self.method == method and here


@dataclass
class FakeBotApi:
    """All state lies under one lock; `changed` wakes whoever polls or waits."""

    changed: Condition = field(default_factory=Condition)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    messages: dict[tuple[int, int], Shown] = field(default_factory=dict)
    commands: list[dict[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    too_fast: list[int] = field(default_factory=list)
    url: str = ""
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _files: dict[str, bytes] = field(default_factory=dict)
    _faults: list[Fault] = field(default_factory=list)
    _blocked: set[int] = field(default_factory=set)
    _taps: set[str] = field(default_factory=set)
    _held: set[tuple[str, str]] = field(default_factory=set)
    _last_sent: dict[int, float] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1001))
    _poll: int = 0

    def forget(self) -> None:
        """Nothing waits, nothing was refused, nobody has blocked the bot: for the next test."""
        with self.changed:
            for past in (self.calls, self.messages, self.refused, self.too_fast, self._updates, self._faults):
                past.clear()
            self._blocked.clear()

    # --- what a test does -------------------------------------------------------------------------------------

    def push(self, update: dict[str, Any] | Any) -> int:
        """Give the bot an update; one without an id gets the next. Returns the id."""
        with self.changed:
            if isinstance(update, dict):
                update = {"update_id": next(self._numbers), **update}
            self._updates.append(update)
            self.changed.notify_all()
        return int(update["update_id"]) if isinstance(update, dict) else 0

    def fail(self, method: str, error: Refused, *, chat_id: int | None = None, times: int = 1) -> None:
        """Let the next calls of `method` fail."""
        self._faults.append(Fault(method, error, chat_id, times))

    @contextmanager
    def hold(self, method: str, chat_id: int) -> Iterator[Callable[[], Any]]:
        """Meanwhile calls of `method` for the chat hang, and get lost at the end. Yields a wait for the first one."""
        with self.changed:
            self._held.add((method, str(chat_id)))
        try:
            yield lambda: self.wait_until(lambda: self.count(method, chat_id=chat_id), f"{method} hangs")
        finally:
            with self.changed:
                self._held.discard((method, str(chat_id)))
                self.changed.notify_all()

    def block(self, chat_id: int) -> None:
        """The person blocks the bot."""
        self._blocked.add(chat_id)

    def keep_file(self, data: bytes) -> str:
        """A file on Telegram's servers; returns its id."""
        with self.changed:
            file_id = f"file-{next(self._numbers)}"
            self._files[file_id] = data
        return file_id

    def new_tap(self) -> str:
        """The id of a tap on a button, which the bot may answer once."""
        with self.changed:
            tap = f"tap-{next(self._numbers)}"
            self._taps.add(tap)
        return tap

    def next_number(self) -> int:
        with self.changed:
            return next(self._numbers)

    def wait_until(self, condition: Callable[[], Any], what: str, seconds: float = 60.0) -> Any:
        """The first true value of `condition`; fails, naming `what`, when there is none for a minute."""
        with self.changed:
            if self.changed.wait_for(condition, seconds):
                return condition()
        raise AssertionError(f"waited {seconds:g} s in vain until {what}; the bot called {self.calls[-10:]}")

    def count(self, method: str, **params: object) -> int:
        """How often the bot has called `method` with these parameters."""
        wanted = {name: str(value) for name, value in params.items()}
        return sum(name == method and wanted.items() <= given.items() for name, given in list(self.calls))

    def is_confirmed(self, update_id: int) -> bool:
        """Whether Telegram would not give this update again."""
        return all(not isinstance(u, dict) or u["update_id"] != update_id for u in self._updates)

    # --- what the bot calls -----------------------------------------------------------------------------------

    def call(self, method: str, params: dict[str, str]) -> Any:
        """The result of a method. Raises Refused."""
        with self.changed:
            self.calls.append((method, params))
            self.changed.notify_all()
            self._raise_faults(method, params)
            self._hang(method, params.get("chat_id", ""))
            try:
                handler = getattr(self, f"do_{method}", None)
                if handler is None:
                    raise Refused(404, "Not Found: method not found")
                return handler(params)
            except Refused as error:
                self.refused.append((method, error.description))
                raise
            finally:
                self.changed.notify_all()

    def file(self, file_id: str) -> bytes | None:
        return self._files.get(file_id)

    def do_getMe(self, params: dict[str, str]) -> Any:
        read(params, {}, "")
        return BOT | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def do_deleteWebhook(self, params: dict[str, str]) -> bool:
        read(params, {"drop_pending_updates": json.loads}, "")
        return True

    def do_setMyCommands(self, params: dict[str, str]) -> bool:
        self.commands = read(params, {"commands": commands_of}, "commands")["commands"]
        return True

    def do_getUpdates(self, params: dict[str, str]) -> list[Any]:
        """Long polling: a younger poll ends an older one with 409, as Telegram does."""
        given = read(params, POLL, "")
        self._confirm(given.get("offset", 0))
        self._poll = mine = self._poll + 1
        self.changed.notify_all()
        self.changed.wait_for(lambda: self._updates or self._poll != mine, given.get("timeout", 0))
        if self._poll != mine:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return list(self._updates)[: given.get("limit", 100)]

    def do_sendMessage(self, params: dict[str, str]) -> Any:
        given = read(params, MESSAGE, "chat_id text")
        self._check_chat(given["chat_id"])
        self._check_pace(given["chat_id"])
        text = html_text(given["text"], given.get("parse_mode"))
        shown = Shown(
            given["chat_id"], next(self._numbers), given["text"], text, buttons_of(given.get("reply_markup"))
        )
        self.messages[shown.chat_id, shown.message_id] = shown
        return shown.as_update() | {"from": BOT}

    def do_editMessageText(self, params: dict[str, str]) -> Any:
        given = read(params, EDIT, "chat_id message_id text")
        shown = self._own(given)
        text, buttons = (
            html_text(given["text"], given.get("parse_mode")),
            buttons_of(given.get("reply_markup")),
        )
        if (text, buttons) == (shown.text, shown.buttons):
            raise Refused(
                400, "Bad Request: message is not modified: specified new message content is the same"
            )
        shown.history.append(shown.text)
        shown.html, shown.text, shown.buttons = given["text"], text, buttons
        return shown.as_update() | {"from": BOT}

    def do_editMessageReplyMarkup(self, params: dict[str, str]) -> Any:
        given = read(
            params,
            {name: EDIT[name] for name in ("chat_id", "message_id", "reply_markup")},
            "chat_id message_id",
        )
        shown, buttons = self._own(given), buttons_of(given.get("reply_markup"))
        if buttons == shown.buttons:
            raise Refused(
                400, "Bad Request: message is not modified: specified new message content is the same"
            )
        shown.buttons = buttons
        return shown.as_update() | {"from": BOT}

    def do_deleteMessage(self, params: dict[str, str]) -> bool:
        given = read(params, {"chat_id": int, "message_id": int}, "chat_id message_id")
        shown = self._own(given)
        del self.messages[shown.chat_id, shown.message_id]
        return True

    def do_answerCallbackQuery(self, params: dict[str, str]) -> bool:
        given = read(params, TAP, "callback_query_id")
        if given["callback_query_id"] not in self._taps or len(given.get("text", "")) > 200:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self._taps.discard(given["callback_query_id"])
        return True

    def do_getFile(self, params: dict[str, str]) -> Any:
        file_id = read(params, {"file_id": str}, "file_id")["file_id"]
        if file_id not in self._files:
            raise Refused(400, "Bad Request: invalid file_id")
        size = len(self._files[file_id])
        return {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_size": size,
            "file_path": f"documents/{file_id}",
        }

    # --- rules ------------------------------------------------------------------------------------------------

    def _raise_faults(self, method: str, params: dict[str, str]) -> None:
        for fault in self._faults:
            if fault.hits(method, params):
                fault.times -= 1
                raise fault.error

    def _hang(self, method: str, chat_id: str) -> None:
        if (method, chat_id) in self._held:
            self.changed.wait_for(lambda: (method, chat_id) not in self._held)
            raise Refused(502, "Bad Gateway")

    def _confirm(self, offset: int) -> None:
        self._updates = [u for u in self._updates if not isinstance(u, dict) or u["update_id"] >= offset]

    def _check_chat(self, chat_id: int) -> None:
        if chat_id in self._blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")

    def _check_pace(self, chat_id: int) -> None:
        now = time.monotonic()
        if now - self._last_sent.get(chat_id, 0.0) < TOO_CLOSE:
            self.too_fast.append(chat_id)
        self._last_sent[chat_id] = now

    def _own(self, given: Params) -> Shown:
        self._check_chat(given["chat_id"])
        if (given["chat_id"], given["message_id"]) not in self.messages:
            raise Refused(400, "Bad Request: message to edit not found")
        return self.messages[given["chat_id"], given["message_id"]]
