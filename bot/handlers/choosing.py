"""Answers to choice questions, by buttons."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import CallbackQuery, Update

from bot import reading
from bot.buttons import FLIP, PICK, SEND, bits
from bot.desk import Desk, chat_of
from bot.handlers.handing_in import Answer, hand_in
from bot.handlers.matching import Context, Handler, tap, words
from bot.messages import sentences
from bot.messages.challenge import answer_keyboard, challenge_messages
from bot.sending import change_buttons, drop_buttons, patiently, stop_spinning
from bot.views import OpenChallenge

# What the chat's last question was answered with so far: quick taps arrive before the buttons show the one before.
SELECTION = "selection"
ANSWERED = "answered"


class Choosing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> list[Handler]:
        return [tap(PICK, self.pick), tap(FLIP, self.flip), tap(SEND, self.send)]

    async def pick(self, update: Update, context: Context) -> None:
        """A single choice: the tap is the answer."""
        _, _, index = map(int, words(context))
        await self._answer(update, context, [index])

    async def flip(self, update: Update, context: Context) -> None:
        """A multiple choice: select or unselect one option."""
        query, number = update.callback_query, words(context)
        if query is None or (challenge := await self._question(update, context)) is None:
            return
        selected = _selected(query, context, number[3]) ^ (1 << int(number[2]))
        _remember(query, context, selected)
        await stop_spinning(query)
        await patiently(lambda: change_buttons(query, answer_keyboard(challenge, selected)))

    async def send(self, update: Update, context: Context) -> None:
        """A multiple choice: what is selected is the answer."""
        query = update.callback_query
        if query is None:
            return
        if selected := _selected(query, context, words(context)[2]):
            await self._answer(update, context, bits(selected))
        else:
            await stop_spinning(query, sentences.SELECT_FIRST)

    async def _answer(self, update: Update, context: Context, indexes: Iterable[int]) -> None:
        query, chat_id = update.callback_query, chat_of(update)
        if query is None or (challenge := await self._question(update, context)) is None:
            return
        await stop_spinning(query)
        if _is_answered(query, context):
            return
        options = challenge.spec["options"]
        answer = {"selected": [options[i]["id"] for i in indexes if i < len(options)]}
        if await hand_in(self._desk, Answer(challenge, answer, chat_id, update.update_id)):
            _mark_answered(query, context)
            await drop_buttons(query)

    async def _question(self, update: Update, context: Context) -> OpenChallenge | None:
        """The challenge of a tap. One that was changed since is shown anew: its buttons may mean something else now."""
        chat_id, query = chat_of(update), update.callback_query
        challenge_id, version = map(int, words(context)[:2])
        challenge = await self._desk.work(
            chat_id, lambda session, user: reading.look_at(session, user, challenge_id)
        )
        if challenge.version == version:
            return challenge
        if query:
            await stop_spinning(query)
        await self._desk.say(chat_id, sentences.CHANGED)
        for message in challenge_messages(challenge):
            await self._desk.say(chat_id, message)
        return None


def _message_id(query: CallbackQuery) -> int:
    return query.message.message_id if query.message else 0


def _selected(query: CallbackQuery, context: Context, shown: str) -> int:
    """What is selected: as the last tap left it, else (after a restart) as the buttons show it."""
    message_id, selected = (context.chat_data or {}).get(SELECTION, (None, 0))
    return int(selected) if message_id == _message_id(query) else int(shown, 16)


def _remember(query: CallbackQuery, context: Context, selected: int) -> None:
    if context.chat_data is not None:
        context.chat_data[SELECTION] = (_message_id(query), selected)


def _is_answered(query: CallbackQuery, context: Context) -> bool:
    """Whether this is a second tap, made before the buttons were gone."""
    return (context.chat_data or {}).get(ANSWERED) == _message_id(query)


def _mark_answered(query: CallbackQuery, context: Context) -> None:
    if context.chat_data is not None:
        context.chat_data[ANSWERED] = _message_id(query)
