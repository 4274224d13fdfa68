"""What no other handler takes, and what goes wrong in one that did."""

from __future__ import annotations

import logging

from sqlalchemy.exc import SQLAlchemyError
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.desk import Desk, chat_of
from bot.handlers.matching import ANY_COMMAND, NEW, PRIVATE, Context, Handler
from bot.messages import sentences
from bot.messages.errors import explain
from bot.runtime import NotLinked
from bot.sending import is_lost, stop_spinning
from core.errors import CoreError

log = logging.getLogger(__name__)


class Otherwise:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def unknown_commands(self) -> list[Handler]:
        """To be asked after the known commands and before the answers."""
        return [
            MessageHandler(PRIVATE & filters.Regex(ANY_COMMAND), self.unknown_command),
            MessageHandler(NEW & ~filters.ChatType.PRIVATE & filters.Regex(ANY_COMMAND), self.not_private),
        ]

    def handlers(self) -> list[Handler]:
        """To be asked last."""
        return [MessageHandler(PRIVATE, self.strange_message), CallbackQueryHandler(self.old_button)]

    async def unknown_command(self, update: Update, context: Context) -> None:
        await self._desk.say(chat_of(update), sentences.UNKNOWN_COMMAND)

    async def not_private(self, update: Update, context: Context) -> None:
        await self._desk.say(chat_of(update), sentences.PRIVATE_ONLY)

    async def strange_message(self, update: Update, context: Context) -> None:
        await self._desk.say(chat_of(update), sentences.WHAT_IS_THIS)

    async def old_button(self, update: Update, context: Context) -> None:
        if update.callback_query:
            await stop_spinning(update.callback_query, sentences.OLD_BUTTON)

    async def failed(self, update: object, context: Context) -> None:
        """Log what a handler raised, and tell the learner what to do."""
        error = context.error
        if error is None or not isinstance(update, Update):
            log.error("an error without an update: %r", error)
            return
        _log(update, error)
        if update.effective_chat is None or is_lost_to(error):
            return
        try:
            if update.callback_query:
                await stop_spinning(update.callback_query)
            await self._desk.say(update.effective_chat.id, _sentence(error))
        except TelegramError as second:
            log.warning("update %s: nor could the learner be told: %s", update.update_id, second)


def is_lost_to(error: BaseException) -> bool:
    """Whether an answer would fail in the same way."""
    return isinstance(error, TelegramError) and is_lost(error)


def _sentence(error: BaseException) -> str:
    return sentences.HOW_TO_LINK if isinstance(error, NotLinked) else explain(error)


def _log(update: Update, error: BaseException) -> None:
    if isinstance(error, NotLinked | CoreError):
        log.info("update %s: %s", update.update_id, error or type(error).__name__)
    elif isinstance(error, SQLAlchemyError | TelegramError):
        log.error("update %s: %s: %s", update.update_id, type(error).__name__, error)
    else:
        log.error("update %s could not be handled", update.update_id, exc_info=error)
