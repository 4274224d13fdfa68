"""The methods of the fake Bot API: what each takes, checked as Telegram checks it, and what it does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.functional.telegram.telegram_html import LIMIT, BadHtml, plain_text, units

Params = dict[str, Any]
BUTTONS_MAX, ROW_MAX, DATA_MAX = 100, 8, 64


class Refused(Exception):
    """The request gets this error code and description."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


@dataclass
class Shown:
    """A message of the bot as it stands in a chat now. `history` holds its earlier texts."""

    chat_id: int
    message_id: int
    html: str
    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    history: list[str] = field(default_factory=list)

    def as_update(self) -> dict[str, Any]:
        return {
            "message_id": self.message_id,
            "date": 1_800_000_000,
            "chat": {"id": self.chat_id, "type": "private", "first_name": "Learner"},
            "text": self.text,
        }


def read(params: Mapping[str, str], fields: Mapping[str, Callable[[str], Any]], required: str) -> Params:
    """The parameters in their types. Raises Refused for a missing, unknown or malformed one."""
    if unknown := set(params) - set(fields):
        raise Refused(400, f"Bad Request: unknown parameters {sorted(unknown)}")
    for name in required.split():
        if name not in params:
            raise Refused(400, f"Bad Request: parameter {name} is missing")
    try:
        return {name: fields[name](value) for name, value in params.items()}
    except (ValueError, TypeError) as error:
        raise Refused(400, f"Bad Request: malformed parameters: {error}") from error


def html_text(source: str, mode: str | None) -> str:
    """What is seen of a message's text. Raises Refused."""
    if mode not in (None, "HTML"):
        raise Refused(400, f"Bad Request: unsupported parse_mode {mode!r}")
    try:
        text = plain_text(source) if mode else source
        length = units(text)
    except BadHtml as error:
        raise Refused(400, f"Bad Request: can't parse entities: {error}") from error
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if length > LIMIT:
        raise Refused(400, "Bad Request: message is too long")
    return text


def buttons_of(markup: Any) -> list[dict[str, str]]:
    """The buttons of an inline keyboard. Raises Refused."""
    if markup is None:
        return []
    rows = (
        markup.get("inline_keyboard")
        if isinstance(markup, dict) and set(markup) == {"inline_keyboard"}
        else None
    )
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused(400, "Bad Request: object expected as reply markup")
    if any(not 1 <= len(row) <= ROW_MAX for row in rows) or sum(map(len, rows)) > BUTTONS_MAX:
        raise Refused(400, "Bad Request: too many or no buttons in the keyboard")
    return [_button(button) for row in rows for button in row]


def _button(button: Any) -> dict[str, str]:
    if not isinstance(button, dict) or set(button) != {"text", "callback_data"}:
        raise Refused(400, f"Bad Request: can't parse inline keyboard button: {button}")
    if not isinstance(button["text"], str) or not button["text"].strip():
        raise Refused(400, "Bad Request: text buttons must have a text")
    if not 1 <= len(str(button["callback_data"]).encode()) <= DATA_MAX:
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return button


def commands_of(value: str) -> list[dict[str, str]]:
    """The list of setMyCommands. Raises ValueError."""
    commands = json.loads(value)
    for command in commands:
        if set(command) != {"command", "description"} or not re.fullmatch(
            "[a-z0-9_]{1,32}", command["command"]
        ):
            raise ValueError(f"BOT_COMMAND_INVALID {command}")
        if not 1 <= len(command["description"]) <= 256:
            raise ValueError("BOT_COMMAND_DESCRIPTION_INVALID")
    return list(commands)


MESSAGE = {
    "chat_id": int,
    "text": str,
    "parse_mode": str,
    "reply_markup": json.loads,
    "link_preview_options": json.loads,
}
EDIT = {**MESSAGE, "message_id": int}
POLL = {"offset": int, "limit": int, "timeout": int, "allowed_updates": json.loads}
TAP = {"callback_query_id": str, "text": str, "show_alert": json.loads}
