"""Answers given step by step: a tap or a message answers one question and brings the next, the last is handed in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session
from telegram import CallbackQuery, Update

from bot import reading
from bot.asking.sheet import SUBMIT, Sheet, is_complete, present, read_sheet, tapped, typed
from bot.asking.steps import Step, Way, answer_of, steps_of
from bot.buttons import ASK
from bot.desk import Desk, chat_of
from bot.handlers.handing_in import Answer, hand_in
from bot.handlers.matching import Context, Handler, tap, words
from bot.messages import sentences
from bot.messages.asking import asking
from bot.messages.challenge import challenge_messages
from bot.sending import drop_buttons, stop_spinning
from bot.views import OpenChallenge
from core.models.user import User
from core.services.challenges import get_challenge
from core.services.telegram import draft_of, keep_draft
from graders.knowledge.parts import PartsGrader
from graders.registry import grader_for


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a learner stands after a tap or a message. No `sheet`: nothing is being answered."""

    challenge: OpenChallenge
    steps: tuple[Step, ...] = ()
    sheet: Sheet | None = None
    changed: bool = False

    @property
    def answers(self) -> bool:
        """Whether that was the answer: one tap is enough where one tap is all that is asked."""
        alone = len(self.steps) == 1 and is_complete(self.steps, self.sheet or Sheet(0))
        return self.changed and alone


class Asking:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> list[Handler]:
        return [tap(ASK, self.tap)]

    async def tap(self, update: Update, context: Context) -> None:
        """A button of a question."""
        query, chat_id, (_, version, at, code) = update.callback_query, chat_of(update), words(context)
        if query is None:
            return
        challenge_id = int(words(context)[0])
        turn = await self._desk.work(
            chat_id, lambda session, user: _tapped(session, user, chat_id, (challenge_id, int(at), code))
        )
        if turn.challenge.version != int(version):
            await stop_spinning(query)
            await self._begin_again(chat_id, turn.challenge.id)
        elif turn.sheet is None:
            await stop_spinning(query, sentences.ANSWERED)
        elif turn.answers or (code == SUBMIT and is_complete(turn.steps, turn.sheet)):
            await stop_spinning(query)
            await self._hand_in(update, turn, query)
        else:
            await stop_spinning(query, None if turn.changed else sentences.TOO_LATE)
            await self._show(query, chat_id, turn)

    async def typed(self, update: Update, challenge: OpenChallenge, text: str) -> None:
        """A message while such a challenge is open."""
        chat_id = chat_of(update)
        turn = await self._desk.work(
            chat_id, lambda session, user: _typed(session, user, (chat_id, challenge.id), text)
        )
        if turn.sheet is None or turn.sheet.version != turn.challenge.version:
            await self._begin_again(chat_id, challenge.id)
        elif not turn.changed:
            await self._desk.say(chat_id, sentences.USE_BUTTONS)
            await self._desk.say(chat_id, asking(turn.challenge, turn.steps, turn.sheet))
        elif turn.answers:
            await self._hand_in(update, turn, None)
        else:
            await self._desk.say(chat_id, asking(turn.challenge, turn.steps, turn.sheet))

    async def _show(self, query: CallbackQuery, chat_id: int, turn: Turn) -> None:
        if turn.sheet and turn.changed and query.message:
            message = asking(turn.challenge, turn.steps, turn.sheet)
            await self._desk.edit(chat_id, query.message.message_id, message)

    async def _hand_in(self, update: Update, turn: Turn, query: CallbackQuery | None) -> None:
        answer = answer_of(turn.steps, turn.sheet.done if turn.sheet else ())
        new = Answer(turn.challenge, answer, chat_of(update), update.update_id)
        if await hand_in(self._desk, new) and query:
            await drop_buttons(query)

    async def _begin_again(self, chat_id: int, challenge_id: int) -> None:
        """What was asked has changed, or was answered: from the first question."""
        challenge = await self._desk.work(
            chat_id, lambda session, user: reading.open_challenge(session, user, chat_id, challenge_id)
        )
        await self._desk.say(chat_id, sentences.FROM_THE_START)
        for message in challenge_messages(challenge):
            await self._desk.say(chat_id, message)


def _tapped(session: Session, user: User, chat_id: int, tap_: tuple[int, int, str]) -> Turn:
    """`tap_` is the challenge, the step and what was tapped."""
    challenge_id, at, code = tap_
    turn = _turn(session, user, chat_id, challenge_id)
    if turn.sheet is None or turn.sheet.version != turn.challenge.version or at != len(turn.sheet.done):
        return turn
    new = tapped(turn.steps, turn.sheet, code)
    return _kept(session, chat_id, turn, new)


def _typed(session: Session, user: User, where: tuple[int, int], text: str) -> Turn:
    """`where` is the chat and the challenge. Raises InvalidAnswer for what cannot be an answer to the question."""
    chat_id, challenge_id = where
    turn = _turn(session, user, chat_id, challenge_id)
    if turn.sheet is None or turn.sheet.version != turn.challenge.version:
        return turn
    new, step = typed(turn.steps, turn.sheet, text), present(turn.steps, turn.sheet)
    if new is None or step is None:
        return turn
    _check(session, user, challenge_id, step, new.done[-1])
    return _kept(session, chat_id, turn, new)


def _turn(session: Session, user: User, chat_id: int, challenge_id: int) -> Turn:
    challenge = reading.look_at(session, user, challenge_id)
    sheet = read_sheet(draft_of(session, chat_id, challenge_id))
    if sheet is None:
        return Turn(challenge)
    return Turn(challenge, steps_of(challenge.kind, challenge.spec, sheet.finished), sheet)


def _kept(session: Session, chat_id: int, turn: Turn, new: Sheet) -> Turn:
    if new == turn.sheet:
        return turn
    next_ = Turn(turn.challenge, turn.steps, new, changed=True)
    if not next_.answers:  # an answer that is refused can be given again
        keep_draft(session, chat_id, new.as_json())
    return next_


def _check(session: Session, user: User, challenge_id: int, step: Step, value: str) -> None:
    """A typed answer to a part or a blank is checked at once, not when all is handed in. Raises InvalidAnswer."""
    challenge = get_challenge(session, user, challenge_id)
    grader = grader_for(challenge.kind)
    if step.way is Way.TYPED and isinstance(grader, PartsGrader):
        part = next(part for part in grader.parts(challenge.spec) if part.id == step.part)
        part.grader.check_answer(part.spec, {"value" if step.kind == "numeric" else "text": value})
