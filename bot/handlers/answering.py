"""Answers by message and by file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Document, Message, Update
from telegram.ext import MessageHandler, filters

from bot import reading
from bot.buttons import LANGUAGE, language_keyboard
from bot.desk import Desk, chat_of
from bot.forms import WRITTEN, Form, form_of
from bot.handlers.asking import Asking
from bot.handlers.handing_in import Answer, hand_in
from bot.handlers.matching import PRIVATE, Context, Handler, tap, words
from bot.messages import sentences
from bot.messages.message import Message as Text
from bot.programs import Program, Span, Unusable, from_file, from_message, language_of, looks_cut
from bot.sending import drop_buttons, stop_spinning
from bot.views import OpenChallenge
from core.models.user import User
from core.services.telegram import draft_of, keep_draft
from graders.code.program import MAX_SOURCE

# An app that cuts a long message in pieces sends them all within this many seconds.
PIECES = 3.0
CUT = "program cut at"
FILES = frozenset({Form.PROGRAM, Form.OUTPUT, Form.ESSAY})


class Answering:
    def __init__(self, desk: Desk, asking: Asking) -> None:
        self._desk, self._asking = desk, asking

    def handlers(self) -> list[Handler]:
        return [
            tap(LANGUAGE, self.choose_language),
            MessageHandler(PRIVATE & filters.TEXT, self.message),
            MessageHandler(PRIVATE & filters.Document.ALL, self.file),
        ]

    async def message(self, update: Update, context: Context) -> None:
        """The answer to the open challenge, in the form that its kind asks for."""
        text, chat_id = _message_of(update).text or "", chat_of(update)
        challenge = await self._opened(chat_id)
        if challenge is None:
            await self._desk.say(chat_id, sentences.NOTHING_OPEN)
            return
        form = form_of(challenge.kind)
        if form is Form.PROGRAM:
            await self._typed_program(update, context, challenge)
        elif form is Form.STEPS:
            await self._asking.typed(update, challenge, text)
        elif form in (Form.OUTPUT, Form.ESSAY):
            await self._long_text(update, context, challenge)
        elif form in WRITTEN:
            answer = {"value": text.strip()} if form is Form.NUMBER else {"text": text}
            await hand_in(self._desk, Answer(challenge, answer, chat_id, update.update_id))
        else:
            await self._desk.say(chat_id, sentences.not_by_message(form, challenge.id))

    async def file(self, update: Update, context: Context) -> None:
        """A program in a file, or a long text."""
        document, chat_id = _document_of(update), chat_of(update)
        challenge = await self._opened(chat_id)
        if challenge is None:
            await self._desk.say(chat_id, sentences.NOTHING_OPEN)
        elif (form := form_of(challenge.kind)) not in FILES:
            await self._desk.say(chat_id, sentences.NO_FILES_HERE)
        elif (document.file_size or 0) > MAX_SOURCE:
            await self._desk.say(chat_id, sentences.too_big(MAX_SOURCE // 1024))
        else:
            data = await _content(document)
            take = self._program if form is Form.PROGRAM else self._text
            await take(update, challenge, lambda: from_file(document.file_name or "", data))

    async def choose_language(self, update: Update, context: Context) -> None:
        """The learner said in which language the waiting program is."""
        query, chat_id = update.callback_query, chat_of(update)
        challenge_id, language = int(words(context)[0]), words(context)[1]
        if query is None:
            return
        await stop_spinning(query)
        waiting = await self._desk.work(
            chat_id, lambda session, user: _waiting(session, user, chat_id, challenge_id)
        )
        if waiting is None:
            await self._desk.say(chat_id, sentences.NO_DRAFT)
            return
        challenge, source = waiting
        answer = {"language": language, "source": source}
        if await hand_in(self._desk, Answer(challenge, answer, chat_id, update.update_id)):
            await drop_buttons(query)

    async def _typed_program(self, update: Update, context: Context, challenge: OpenChallenge) -> None:
        message = _message_of(update)
        if not await self._is_piece(update, context, sentences.CUT_IN_PIECES):
            spans = _spans(message)
            await self._program(update, challenge, lambda: from_message(message.text or "", spans))

    async def _long_text(self, update: Update, context: Context, challenge: OpenChallenge) -> None:
        message = _message_of(update)
        if await self._is_piece(update, context, sentences.TEXT_IN_PIECES):
            return
        text, spans = message.text or "", _spans(message)
        output = form_of(challenge.kind) is Form.OUTPUT
        await self._text(update, challenge, lambda: from_message(text, spans) if output else Program(text))

    async def _is_piece(self, update: Update, context: Context, said: str) -> bool:
        """Whether an app has cut this message out of a longer one; of the first piece the learner is told so."""
        message, memory = _message_of(update), context.chat_data
        if memory is None or _follows(message, memory.get(CUT)):
            return memory is not None
        if not looks_cut(message.text or ""):
            return False
        memory[CUT] = message.date
        await self._desk.say(chat_of(update), said)
        return True

    async def _text(self, update: Update, challenge: OpenChallenge, read: Callable[[], Program]) -> None:
        """Hand in a text, from a message or a file."""
        chat_id = chat_of(update)
        try:
            answer = {"text": read().source}
        except Unusable as error:
            await self._desk.say(chat_id, str(error))
            return
        await hand_in(self._desk, Answer(challenge, answer, chat_id, update.update_id))

    async def _program(self, update: Update, challenge: OpenChallenge, read: Callable[[], Program]) -> None:
        """Hand in a program once its language is known, else ask for it."""
        chat_id = chat_of(update)
        try:
            program = read()
            language = language_of(program, challenge.languages)
        except Unusable as error:
            await self._desk.say(chat_id, str(error))
            return
        if language is None:
            await self._ask(chat_id, challenge, program)
            return
        answer = {"language": language, "source": program.source}
        await hand_in(self._desk, Answer(challenge, answer, chat_id, update.update_id))

    async def _ask(self, chat_id: int, challenge: OpenChallenge, program: Program) -> None:
        await self._desk.work(chat_id, lambda session, user: keep_draft(session, chat_id, program.source))
        question = sentences.which_language(len(program.source.splitlines()))
        await self._desk.say(chat_id, Text(question, language_keyboard(challenge.id, challenge.languages)))

    async def _opened(self, chat_id: int) -> OpenChallenge | None:
        return await self._desk.work(chat_id, lambda session, user: reading.opened(session, user, chat_id))


def _waiting(
    session: Session, user: User, chat_id: int, challenge_id: int
) -> tuple[OpenChallenge, str] | None:
    source = draft_of(session, chat_id, challenge_id)
    return (reading.look_at(session, user, challenge_id), source) if source is not None else None


def _message_of(update: Update) -> Message:
    if update.message is None:
        raise ValueError(f"update {update.update_id} carries no message")
    return update.message


def _document_of(update: Update) -> Document:
    if (document := _message_of(update).document) is None:
        raise ValueError(f"update {update.update_id} carries no file")
    return document


async def _content(document: Document) -> bytes:
    return bytes(await (await document.get_file()).download_as_bytearray())


def _spans(message: Message) -> list[Span]:
    return [Span(e.type, text, e.language) for e, text in message.parse_entities().items()]


def _follows(message: Message, cut: datetime | None) -> bool:
    """Whether this is a further piece of a program that an app has cut."""
    return cut is not None and (message.date - cut).total_seconds() <= PIECES
