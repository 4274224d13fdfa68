"""Lists, and opening a challenge."""

from __future__ import annotations

from telegram import Update

from bot import reading
from bot.buttons import LIST, OPEN, read_filter
from bot.desk import Desk, chat_of
from bot.handlers.matching import Context, Handler, command, tap, words
from bot.messages import sentences
from bot.messages.challenge import challenge_messages
from bot.messages.lists import (
    challenges_message,
    leaderboard_message,
    progress_message,
    tracks_message,
    unknown_words,
)
from bot.messages.message import Message
from bot.sending import stop_spinning
from bot.views import ListFilter
from core.errors import NotFound
from core.services.telegram import open_in_chat

ID_MAX = 2**31 - 1


class Browsing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> list[Handler]:
        return [
            command("challenges", self.challenges),
            command("challenge", self.challenge),
            command("tracks", self.tracks),
            command("progress", self.progress),
            command("leaderboard", self.leaderboard),
            command("cancel", self.cancel),
            tap(LIST, self.turn_page),
            tap(OPEN, self.tap_challenge),
        ]

    async def challenges(self, update: Update, context: Context) -> None:
        """The first page, filtered by the words behind the command."""
        chat_id, (text,) = chat_of(update), words(context)
        chosen = await self._desk.work(chat_id, lambda session, user: reading.filter_of(session, text[:200]))
        if chosen is None:
            names = await self._desk.work(chat_id, lambda session, user: reading.category_names(session))
            await self._desk.say(chat_id, unknown_words(text, names))
        else:
            await self._desk.say(chat_id, await self._page(chat_id, 0, chosen))

    async def turn_page(self, update: Update, context: Context) -> None:
        """Another page, or another filter, in the same message."""
        query, chat_id = update.callback_query, chat_of(update)
        page, difficulty, category = words(context)
        message = await self._page(chat_id, int(page), read_filter(difficulty, category))
        if query is None or query.message is None:
            await self._desk.say(chat_id, message)
            return
        await stop_spinning(query)
        await self._desk.edit(chat_id, query.message.message_id, message)

    async def challenge(self, update: Update, context: Context) -> None:
        """`/challenge ID`."""
        chat_id, (text,) = chat_of(update), words(context)
        number = text.strip().removeprefix("#")
        if not (number.isascii() and number.isdigit()):
            await self._desk.say(chat_id, sentences.WHICH_CHALLENGE)
            return
        await self.open(chat_id, int(number[:20]))

    async def tap_challenge(self, update: Update, context: Context) -> None:
        if update.callback_query:
            await stop_spinning(update.callback_query)
        await self.open(chat_of(update), int(words(context)[0]))

    async def open(self, chat_id: int, challenge_id: int) -> None:
        """Show a challenge and wait for its answer. Raises NotFound, Conflict."""
        if challenge_id > ID_MAX:
            raise NotFound
        challenge = await self._desk.work(
            chat_id, lambda session, user: reading.open_challenge(session, user, chat_id, challenge_id)
        )
        for message in challenge_messages(challenge):
            await self._desk.say(chat_id, message)

    async def tracks(self, update: Update, context: Context) -> None:
        lines = await self._desk.work(chat_of(update), reading.track_lines)
        await self._desk.say(chat_of(update), tracks_message(lines))

    async def progress(self, update: Update, context: Context) -> None:
        report = await self._desk.work(chat_of(update), reading.progress_report)
        await self._desk.say(chat_of(update), progress_message(report))

    async def leaderboard(self, update: Update, context: Context) -> None:
        ranking = await self._desk.work(chat_of(update), reading.ranking)
        await self._desk.say(chat_of(update), leaderboard_message(ranking))

    async def cancel(self, update: Update, context: Context) -> None:
        """Leave the open challenge: messages answer nothing any more."""
        chat_id = chat_of(update)
        left = await self._desk.work(chat_id, lambda session, user: reading.opened(session, user, chat_id))
        await self._desk.work(chat_id, lambda session, user: open_in_chat(session, chat_id, None))
        await self._desk.say(chat_id, sentences.cancelled(left.title if left else None))

    async def _page(self, chat_id: int, page: int, chosen: ListFilter) -> Message:
        return challenges_message(
            await self._desk.work(
                chat_id, lambda session, user: reading.challenge_page(session, user, page, chosen)
            )
        )
