"""From an answer in a chat to a queued submission: first a message that says so, which becomes the verdict."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.desk import Desk
from bot.messages.errors import explain
from bot.messages.verdict import grading
from bot.views import OpenChallenge
from core.errors import CoreError
from core.models.user import User
from core.services.challenges import get_challenge
from core.services.submissions import NewSubmission, create_submission
from core.services.telegram import drop_draft, first_time, seen_before
from core.words import Source
from graders.registry import grader_for

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and the update that brought it: Telegram may repeat the update, but it counts once."""

    challenge: OpenChallenge
    answer: dict[str, Any]
    chat_id: int
    update_id: int


async def hand_in(desk: Desk, new: Answer) -> bool:
    """Queue the answer. False: it was refused, and the learner told why; True also for a repeated update.

    Raises NotLinked, TooManyRequests (the learner is told by who handles errors), TelegramError.
    """
    if await desk.work(new.chat_id, lambda session, user: _is_repeated(desk, session, user, new)):
        return True
    by_a_person = grader_for(new.challenge.kind).manual
    message_id = await desk.say(new.chat_id, grading(new.challenge.title, by_a_person))
    try:
        fresh = await desk.work(new.chat_id, lambda session, user: _accept(session, user, new, message_id))
    except (CoreError, SQLAlchemyError) as error:
        if isinstance(error, SQLAlchemyError):
            log.error("the answer of update %s was not stored: %s", new.update_id, error)
        await desk.edit(new.chat_id, message_id, explain(error))
        return False
    if not fresh:
        await desk.remove(new.chat_id, message_id)
    return True


def _is_repeated(desk: Desk, session: Session, user: User, new: Answer) -> bool:
    """Raises TooManyRequests for one that is new."""
    if seen_before(session, user, new.update_id):
        return True
    desk.runtime.take_turn(user)
    return False


def _accept(session: Session, user: User, new: Answer, message_id: int) -> bool:
    """One transaction: what counts the attempt also remembers the update. False: it was counted before."""
    challenge = get_challenge(session, user, new.challenge.id)
    if not first_time(session, user, new.update_id):
        return False
    submission = NewSubmission(new.answer, Source.TELEGRAM, new.chat_id, message_id)
    create_submission(session, user, challenge, grader_for(challenge.kind), submission)
    drop_draft(session, new.chat_id)
    return True
