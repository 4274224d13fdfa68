"""Sending and editing messages, with what Telegram answers sorted out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.buttons import Keyboard
from bot.messages.message import Message

log = logging.getLogger(__name__)

T = TypeVar("T")

# Not the library's defaults: those would go to methods that have no such parameter.
FORM: dict[str, Any] = {
    "parse_mode": ParseMode.HTML,
    "link_preview_options": LinkPreviewOptions(is_disabled=True),
}
RETRIES = 3
WAIT_MAX = 30.0
# Telegram's words for a message that cannot be edited any more.
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


async def say(bot: Bot, chat_id: int, message: Message) -> int:
    """Send a message; returns its id. Raises TelegramError."""
    sent = await bot.send_message(chat_id, message.text, reply_markup=markup(message.keyboard), **FORM)
    return sent.message_id


async def edit(bot: Bot, chat_id: int, message_id: int, message: Message) -> bool:
    """Make an earlier message this one. False when that message is gone. Raises TelegramError."""
    try:
        await bot.edit_message_text(
            message.text,
            chat_id=chat_id,
            message_id=message_id,
            reply_markup=markup(message.keyboard),
            **FORM,
        )
    except BadRequest as error:
        return _tolerate(error)
    return True


async def change_buttons(query: CallbackQuery, keyboard: Keyboard) -> None:
    """Replace the buttons under the message that a tap came from. Raises TelegramError."""
    try:
        await query.edit_message_reply_markup(markup(keyboard))
    except BadRequest as error:
        _tolerate(error)


async def drop_buttons(query: CallbackQuery) -> None:
    """Remove the buttons of a question that was answered; when they stay, a second answer is still told apart."""
    try:
        await patiently(lambda: change_buttons(query, ()))
    except TelegramError as error:
        log.warning("the buttons of an answered question stay: %s", error)


async def stop_spinning(query: CallbackQuery, notice: str | None = None) -> None:
    """Tell Telegram that a tap arrived, with a short notice for the learner. A tap may be too old for that."""
    try:
        await query.answer(notice)
    except (BadRequest, RetryAfter) as error:
        log.info("a tap was not acknowledged: %s", error)


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Call again after a 429, as many seconds later as Telegram asks: the learner is waiting for this answer.

    Raises RetryAfter after three times, or at once when Telegram asks for more than 30 seconds.
    """
    for _ in range(RETRIES):
        try:
            return await call()
        except RetryAfter as error:
            if seconds_of(error) > WAIT_MAX:
                raise
            await asyncio.sleep(seconds_of(error) + 0.1)
    return await call()


def seconds_of(error: RetryAfter) -> float:
    """The seconds after which Telegram takes requests again."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Telegram's form of the buttons."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.text, callback_data=b.data) for b in row] for row in keyboard]
    )


def is_lost(error: Exception) -> bool:
    """Whether nothing will ever reach this chat: the person blocked the bot, or it does not exist."""
    return isinstance(error, Forbidden) or (
        isinstance(error, BadRequest) and "chat not found" in error.message.lower()
    )


def _tolerate(error: BadRequest) -> bool:
    """True: it says already what it should. False: it is gone. Raises any other error."""
    words = error.message.lower()
    if "message is not modified" in words:
        return True
    if any(gone in words for gone in GONE):
        return False
    raise error
