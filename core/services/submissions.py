"""From an answer to a queued submission, and what learners do with their submissions afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, joinedload

from core.errors import Conflict, NotCancellable, NotFound
from core.events import SubmissionCancelled, SubmissionQueued
from core.grading import Grader, Lane, Verdict
from core.logs import current_request_id
from core.models.challenge import Challenge
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.models.user import User
from core.outbox import outbox
from core.queue import ticket
from core.services.carry_over import completed_answer
from core.services.claims import NEXT_TURN
from core.services.events import Fact, record_all
from core.services.prerequisites import ensure_unlocked
from core.services.progress import (
    count_attempt,
    lock_progress,
    progress_updated,
    uncount_attempt,
    why_refused,
)
from core.services.reviews import FREE, claimed_until
from core.words import ChallengeState, Resubmission, Source, SubmissionStatus

# Every answer makes it: written out, because building it anew each time would cost more than running it.
ADD = select(Submission).from_statement(
    text(f"""
INSERT INTO submissions
  (user_id, challenge_id, revision, deducted, answer, language, attempt, source, reply_chat_id, reply_message_id,
   request_id, status, queue, grading_attempt, turn, queued_at, not_before)
VALUES
  (:user_id, :challenge_id, :revision, :deducted, CAST(:answer AS jsonb), :language, :attempt, :source,
   :reply_chat_id, :reply_message_id, :request_id, 'queued', :queue, 0, {NEXT_TURN}, clock_timestamp(),
   clock_timestamp())
RETURNING *""")  # noqa: S608 - nothing that comes from outside
)


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """What a learner hands in, and from where. `reply_*` is the Telegram message to edit into the verdict."""

    answer: Any
    source: Source = Source.WEB
    reply_chat_id: int | None = None
    reply_message_id: int | None = None


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """Which submissions a list is about; an empty part means any."""

    challenge_id: Sequence[int] = ()
    status: Sequence[SubmissionStatus] = ()
    verdict: Sequence[Verdict] = ()
    username: str | None = None


def create_submission(
    session: Session, user: User, challenge: Challenge, grader: Grader, new: NewSubmission
) -> Submission:
    """Accept an answer: count the attempt and queue it, in the caller's transaction.

    Raises NotFound, Conflict (not published), PrerequisitesMissing, InvalidAnswer (costs no attempt), AttemptsExhausted
    or CoolingDown.
    """
    ensure_answerable(user, challenge)
    ensure_unlocked(session, user, challenge)
    new = replace(new, answer=completed_answer(session, user.id, challenge, grader, new.answer))
    grader.check_answer(challenge.spec, new.answer)
    superseded = _superseded(session, user, challenge, grader)
    progress = count_attempt(session, user.id, challenge, len(superseded))
    if progress is None:
        raise why_refused(session, user.id, challenge)
    submission = _queued(session, progress, challenge.revision, grader, new)
    facts: list[Fact] = [(user.id, _cancelled(row, submission)) for row in superseded]
    queued = SubmissionQueued(submission.id, challenge.id, submission.attempt)
    record_all(session, [*facts, (user.id, queued), (user.id, progress_updated(progress))])
    outbox(session).tasks.append(ticket(Lane(submission.queue, submission.language)))
    return submission


def ensure_answerable(user: User, challenge: Challenge) -> None:
    """Raises NotFound when the user may not see the challenge, Conflict when it takes no answers."""
    if challenge.state is ChallengeState.PUBLISHED:
        return
    if challenge.state is ChallengeState.DRAFT and not user.is_author:
        raise NotFound
    raise Conflict(f"This challenge is {challenge.state.value}; only published challenges take submissions.")


def get_submission(session: Session, viewer: User, submission_id: int) -> Submission:
    """The submission, if it is the viewer's own or the viewer is an author. Raises NotFound."""
    submission = session.get(Submission, submission_id)
    if submission is None or not (submission.user_id == viewer.id or viewer.is_author):
        raise NotFound
    return submission


def list_submissions(viewer: User, wanted: SubmissionFilter) -> Select[Submission]:
    """The viewer's own submissions; an author's query covers everybody's. Without an order."""
    query = select(Submission).options(joinedload(Submission.user))
    if not viewer.is_author:
        query = query.where(Submission.user_id == viewer.id)
    if wanted.username is not None:
        query = query.where(Submission.user.has(func.lower(User.username) == wanted.username.lower()))
    if wanted.challenge_id:
        query = query.where(Submission.challenge_id.in_(wanted.challenge_id))
    if wanted.status:
        query = query.where(Submission.status.in_(wanted.status))
    if wanted.verdict:
        query = query.where(Submission.verdict.in_(wanted.verdict))
    return query


def cancel_submission(session: Session, viewer: User, submission_id: int) -> Submission:
    """Take a submission back, also while it is graded: the worker notices and stops.

    One that awaits review is taken back as long as no reviewer has claimed it. The attempt is given back when grading
    had not begun, and before a review: otherwise results may have been seen already. Raises NotFound or NotCancellable.
    """
    get_submission(session, viewer, submission_id)
    submission = _locked(session, submission_id)
    _ensure_cancellable(session, submission)
    fresh = submission.status is SubmissionStatus.QUEUED and submission.grading_attempt == 0
    untouched = fresh or submission.status is SubmissionStatus.AWAITING_REVIEW
    _cancel(submission)
    progress = lock_progress(session, submission.user_id, submission.challenge_id)
    if untouched:
        uncount_attempt(progress)
    owner = submission.user_id
    record_all(session, [(owner, _cancelled(submission)), (owner, progress_updated(progress))])
    return submission


def _superseded(session: Session, user: User, challenge: Challenge, grader: Grader) -> Sequence[Submission]:
    """The learner's earlier answers that nobody has begun to grade and that the next one replaces; cancelled already.

    One that a worker or a reviewer is just taking is skipped: it will be graded.
    """
    if challenge.on_resubmit is not Resubmission.SUPERSEDE:
        return ()
    untouched = (Submission.status == SubmissionStatus.QUEUED) & (Submission.grading_attempt == 0)
    if grader.manual:
        untouched |= (Submission.status == SubmissionStatus.AWAITING_REVIEW) & FREE
    waiting = (
        select(Submission)
        .where(untouched)
        .where(Submission.user_id == user.id, Submission.challenge_id == challenge.id)
        .order_by(Submission.id)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(waiting, execution_options={"populate_existing": True}).all()
    for row in rows:
        _cancel(row)
    return rows


def _ensure_cancellable(session: Session, submission: Submission) -> None:
    if submission.status is SubmissionStatus.AWAITING_REVIEW:
        if claimed_until(session, submission):
            raise NotCancellable("A reviewer is reading this submission; its verdict will come.")
    elif submission.status not in (SubmissionStatus.QUEUED, SubmissionStatus.GRADING):
        raise NotCancellable(f"This submission is {submission.status.value} already.")


def _cancel(submission: Submission) -> None:
    submission.status, submission.lease_expires_at = SubmissionStatus.CANCELLED, None
    submission.reviewer_id = submission.review_until = None
    submission.graded_at = func.clock_timestamp()


def _cancelled(row: Submission, by: Submission | None = None) -> SubmissionCancelled:
    return SubmissionCancelled(row.id, row.challenge_id, by.id if by else None)


def _locked(session: Session, submission_id: int) -> Submission:
    query = select(Submission).where(Submission.id == submission_id).with_for_update()
    return session.execute(query, execution_options={"populate_existing": True}).scalar_one()


def _queued(
    session: Session, progress: UserProgress, revision: int, grader: Grader, new: NewSubmission
) -> Submission:
    """The row, inserted: its turn and its times are the database's."""
    language = new.answer.get("language")
    given = {
        "user_id": progress.user_id,
        "challenge_id": progress.challenge_id,
        "revision": revision,
        "deducted": progress.deducted,
        "answer": json.dumps(new.answer),
        "language": language,
        "attempt": progress.attempts,
        "source": new.source.value,
        "reply_chat_id": new.reply_chat_id,
        "reply_message_id": new.reply_message_id,
        "request_id": current_request_id(),
        "queue": grader.queue.value,
        "lane": Lane(grader.queue, language).name,
    }
    added: Submission = session.scalars(ADD, given).one()
    return added
