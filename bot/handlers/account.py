"""Linking and unlinking a chat, and help."""

from __future__ import annotations

import asyncio
import re

from sqlalchemy.orm import Session
from telegram import Update

from bot.desk import Desk, chat_of
from bot.handlers.matching import Context, Handler, command, words
from bot.messages import sentences
from bot.runtime import NotLinked
from core.errors import NotFound
from core.models.user import User
from core.services.telegram import link_chat, unlink

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what Telegram takes in a deep link


class Account:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> list[Handler]:
        return [
            command("start", self.start),
            command("help", self.help),
            command("unlink", self.unlink),
        ]

    async def start(self, update: Update, context: Context) -> None:
        """Link the chat by the code of a deep link; without one, say how to get it."""
        chat_id, (code,) = chat_of(update), words(context)
        if code.strip():
            await self._link(chat_id, code.strip())
        elif name := await asyncio.to_thread(self._linked_name, chat_id):
            await self._desk.say(chat_id, sentences.linked_already(name))
        else:
            await self._desk.say(chat_id, sentences.HOW_TO_LINK)

    async def help(self, update: Update, context: Context) -> None:
        await self._desk.say(chat_of(update), sentences.HELP)

    async def unlink(self, update: Update, context: Context) -> None:
        chat_id = chat_of(update)
        await self._desk.work(chat_id, lambda session, user: unlink(session, user))
        await self._desk.say(chat_id, sentences.NOT_LINKED_ANY_MORE)

    async def _link(self, chat_id: int, code: str) -> None:
        try:
            name = await asyncio.to_thread(self._spend, chat_id, code)
        except NotFound:
            # Telegram may repeat the update that spent the code.
            if (known := await asyncio.to_thread(self._linked_name, chat_id)) is None:
                raise
            await self._desk.say(chat_id, sentences.linked_already(known))
            return
        await self._desk.say(chat_id, sentences.linked(name))

    def _spend(self, chat_id: int, code: str) -> str:
        if not CODE.fullmatch(code):
            raise NotFound(sentences.NO_SUCH_CODE)
        with self._desk.runtime.sessions.begin() as session:
            return link_chat(session, code, chat_id).display_name

    def _linked_name(self, chat_id: int) -> str | None:
        try:
            return self._desk.runtime.as_user(chat_id, _name)
        except NotLinked:
            return None


def _name(session: Session, user: User) -> str:
    return user.display_name
