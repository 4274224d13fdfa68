"""From a delivery to the message that it stands for. Reads again what the event only points at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.messages.message import Message
from bot.messages.verdict import achievement_message, rejudge_message, verdict_message
from bot.views import RejudgeNotice, VerdictNotice
from core.events import AchievementUnlocked, SubmissionGraded, SubmissionRejudged
from core.grading import Verdict
from core.models.event import Delivery, Event
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.services.progress import attempts_left
from core.services.revisions import get_revision
from graders.registry import grader_for


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`message` goes to `chat_id`: into the message `replaces` where there is one. `solved` is a challenge's id.

    `submission_id` and `request_id` are for the log.
    """

    chat_id: int
    message: Message
    replaces: int | None = None
    solved: int | None = None
    submission_id: int | None = None
    request_id: str | None = None


def outgoing(session: Session, delivery: Delivery) -> Outgoing | None:
    """What `delivery` says; None when there is nothing to say any more."""
    event = session.get(Event, (delivery.user_id, delivery.event_id))
    if event is None:
        return None
    if event.type == AchievementUnlocked.type:
        return Outgoing(int(delivery.target), achievement_message(str(event.data["title"])))
    if event.type == SubmissionGraded.type:
        return _verdict(session, int(delivery.target), int(event.data["submission_id"]))
    if event.type == SubmissionRejudged.type:
        return _rejudged(session, int(delivery.target), event.data)
    return None


def _rejudged(session: Session, chat_id: int, told: dict[str, Any]) -> Outgoing | None:
    """What the event says, as it was then; the message with the first verdict stays."""
    submission = session.get(Submission, int(told["submission_id"]))
    if submission is None:
        return None
    verdict = Verdict(told["verdict"])
    challenge = submission.challenge
    return Outgoing(
        chat_id,
        rejudge_message(RejudgeNotice(challenge.id, challenge.title, verdict, int(told["change"]))),
        solved=challenge.id if verdict is Verdict.ACCEPTED else None,
        submission_id=submission.id,
        request_id=submission.request_id,
    )


def _verdict(session: Session, chat_id: int, submission_id: int) -> Outgoing | None:
    submission = session.get(Submission, submission_id)
    if submission is None or submission.verdict is None:
        return None
    notice = _notice(session, submission, submission.verdict)
    # The account may have moved to another chat since the answer was sent. What a person wrote days later is a message
    # of its own: of an edited one the telephone says nothing.
    here = submission.reply_chat_id == chat_id and notice.rubric is None
    return Outgoing(
        chat_id,
        verdict_message(notice),
        replaces=submission.reply_message_id if here else None,
        solved=submission.challenge_id if submission.verdict is Verdict.ACCEPTED else None,
        submission_id=submission.id,
        request_id=submission.request_id,
    )


def _notice(session: Session, submission: Submission, verdict: Verdict) -> VerdictNotice:
    challenge = submission.challenge
    progress = session.get(UserProgress, (submission.user_id, submission.challenge_id))
    return VerdictNotice(
        challenge_id=challenge.id,
        title=challenge.title,
        status=submission.status,
        verdict=verdict,
        score=submission.score or 0.0,
        earned=submission.points or 0,
        worth=challenge.points,
        attempts_left=attempts_left(challenge, progress),
        results=tuple(submission.results or ()),
        compile_output=submission.compile_output,
        editorial=verdict is Verdict.ACCEPTED and bool(challenge.editorial),
        rubric=_rubric(session, submission),
    )


def _rubric(session: Session, submission: Submission) -> dict[str, float] | None:
    revision = get_revision(session, submission.challenge_id, submission.revision)
    grader = grader_for(revision.kind)
    return {one.id: one.points for one in grader.rubric(revision.spec)} if grader.manual else None
