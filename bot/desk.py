"""What every handler works with: the database in a thread, and answers into the chat that an update came from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.messages.message import Message
from bot.runtime import Runtime
from bot.sending import edit, patiently, say
from core.models.user import User

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """`bot` sends, `runtime` reads and writes."""

    bot: Bot
    runtime: Runtime

    async def work(self, chat_id: int, task: Callable[[Session, User], T]) -> T:
        """Do `task` in one transaction as the chat's learner. Raises NotLinked, CoreError, SQLAlchemyError."""
        return await asyncio.to_thread(self.runtime.as_user, chat_id, task)

    async def say(self, chat_id: int, message: Message | str) -> int:
        """Send a message; returns its id. Raises TelegramError."""
        return await patiently(lambda: say(self.bot, chat_id, _message(message)))

    async def edit(self, chat_id: int, message_id: int, message: Message | str) -> None:
        """Make an earlier message this one, or send it when the earlier one is gone. Raises TelegramError."""
        if not await patiently(lambda: edit(self.bot, chat_id, message_id, _message(message))):
            await self.say(chat_id, message)

    async def remove(self, chat_id: int, message_id: int) -> None:
        """Delete a message of ours; one that stays does no harm."""
        try:
            await self.bot.delete_message(chat_id, message_id)
        except TelegramError:
            await self.edit(chat_id, message_id, "This was a repetition; see the answer above.")


def chat_of(update: Update) -> int:
    """The chat of an update that a handler was chosen for."""
    chat = update.effective_chat
    if chat is None:
        raise ValueError(f"update {update.update_id} belongs to no chat")
    return chat.id


def _message(message: Message | str) -> Message:
    return Message(message) if isinstance(message, str) else message
