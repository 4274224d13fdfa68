"""Every error as a sentence that tells the learner what to do. Nothing of ours, such as a stack or a key, is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.html import clip, escape
from bot.messages.message import plural
from core.errors import (
    AttemptsExhausted,
    Conflict,
    CoreError,
    NotFound,
    TooManyRequests,
    ValidationFailed,
)

MESSAGES_MAX = 5
LATER = "⚠️ Creathon cannot reach its database right now. Nothing was counted; please try again in a moment."
OUR_FAULT = "⚠️ Something went wrong on our side and was written down. Please try again in a moment."


def explain(error: BaseException) -> str:
    """The sentence for `error`, in Telegram's HTML."""
    if isinstance(error, SQLAlchemyError):
        return LATER
    if not isinstance(error, CoreError):
        return OUR_FAULT
    return next(say(error) for kind, say in SENTENCES if isinstance(error, kind))


def _validation(error: Any) -> str:
    return "\n".join([f"✋ {clip(error.message, 500)}", *_fields(error.errors)])


def _fields(errors: dict[str, list[str]]) -> Iterator[str]:
    messages = [message for found in errors.values() for message in found]
    yield from (f"• {clip(message, 500)}" for message in messages[:MESSAGES_MAX])
    if len(messages) > MESSAGES_MAX:
        yield f"…and {len(messages) - MESSAGES_MAX} more"


def _attempts(error: Any) -> str:
    return f"🚫 {escape(error.message)} Find another one: /challenges"


def _not_found(error: Any) -> str:
    if error.message == NotFound().message:
        return "🔎 There is no such challenge for you. See what there is: /challenges"
    return f"🔎 {clip(error.message, 500)}"


def _too_many(error: Any) -> str:
    return f"🐢 {clip(error.message, 500)} Try again in {plural(error.retry_after, 'second')}."


def _plain(error: Any) -> str:
    return f"✋ {clip(error.message, 500)}"


# The first class that fits speaks; the last fits every CoreError.
SENTENCES: tuple[tuple[type[CoreError], Callable[[Any], str]], ...] = (
    (ValidationFailed, _validation),
    (AttemptsExhausted, _attempts),
    (Conflict, _plain),
    (NotFound, _not_found),
    (TooManyRequests, _too_many),
    (CoreError, _plain),
)
