"""Hints, which are asked for twice when they cost points, and editorials."""

from __future__ import annotations

from telegram import Update

from bot import hints
from bot.buttons import BUY, EDITORIAL, HINT
from bot.desk import Desk, chat_of
from bot.handlers.matching import Context, Handler, tap, words
from bot.messages.hints import editorial_messages, hint_messages, question
from bot.sending import drop_buttons, stop_spinning


class Helping:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> list[Handler]:
        return [tap(HINT, self.ask), tap(BUY, self.buy), tap(EDITORIAL, self.editorial)]

    async def ask(self, update: Update, context: Context) -> None:
        """What the hint costs; one that is free or bought is shown at once."""
        challenge_id, number = map(int, words(context))
        offer = await self._desk.work(
            chat_of(update), lambda session, user: hints.hint(session, user, challenge_id, number)
        )
        if offer.text is not None or not offer.cost:
            await self.buy(update, context)
            return
        if update.callback_query:
            await stop_spinning(update.callback_query)
        await self._desk.say(chat_of(update), question(offer))

    async def buy(self, update: Update, context: Context) -> None:
        """The hint; a second tap shows it again and costs nothing."""
        query, chat_id = update.callback_query, chat_of(update)
        challenge_id, number = map(int, words(context))
        bought, after = await self._desk.work(
            chat_id, lambda session, user: hints.bought_hint(session, user, challenge_id, number)
        )
        if query:
            await stop_spinning(query)
            if (query.data or "").startswith("buy:"):
                await drop_buttons(query)
        for message in hint_messages(bought, after):
            await self._desk.say(chat_id, message)

    async def editorial(self, update: Update, context: Context) -> None:
        """The author's solution. Raises NotFound before the learner may read it."""
        chat_id, challenge_id = chat_of(update), int(words(context)[0])
        title, text = await self._desk.work(
            chat_id, lambda session, user: hints.editorial(session, user, challenge_id)
        )
        if update.callback_query:
            await stop_spinning(update.callback_query)
        for message in editorial_messages(title, text):
            await self._desk.say(chat_id, message)
