"""From an answer to a queued submission, and what learners do with their submissions afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from core.errors import AttemptsExhausted, Conflict, NotCancellable, NotFound
from core.events import SubmissionCancelled, SubmissionQueued
from core.grading import Grader, Verdict
from core.logs import current_request_id
from core.models.challenge import Challenge
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.models.user import User
from core.outbox import outbox
from core.queue import grading_task
from core.services.events import record
from core.services.progress import count_attempt, give_attempt_back, lock_progress, record_progress
from core.words import ChallengeState, Source, SubmissionStatus

# The first publish follows the commit at once; after this time the sweeper looks whether it arrived.
PUBLISH_GRACE = timedelta(seconds=3)


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

    Raises NotFound, Conflict (not published), InvalidAnswer (costs no attempt) or AttemptsExhausted.
    """
    ensure_answerable(user, challenge)
    grader.check_answer(challenge.spec, new.answer)
    progress = lock_progress(session, user.id, challenge.id)
    ensure_attempts_left(challenge, progress)
    count_attempt(progress)
    submission = _queued(user, challenge, grader, new)
    submission.attempt = progress.attempts
    session.add(submission)
    session.flush()
    record(session, user.id, SubmissionQueued(submission.id, challenge.id, submission.attempt))
    record_progress(session, progress)
    outbox(session).tasks.append(grading_task(submission.id, submission.queue))
    return submission


def ensure_answerable(user: User, challenge: Challenge) -> None:
    """Raises NotFound when the user may not see the challenge, Conflict when it takes no answers."""
    if challenge.state is ChallengeState.PUBLISHED:
        return
    if challenge.state is ChallengeState.DRAFT and not user.is_author:
        raise NotFound
    raise Conflict(f"This challenge is {challenge.state.value}; only published challenges take submissions.")


def ensure_attempts_left(challenge: Challenge, progress: UserProgress) -> None:
    """Raises AttemptsExhausted. The caller holds the lock of `progress`."""
    if challenge.attempts_max is not None and progress.attempts >= challenge.attempts_max:
        raise AttemptsExhausted(f"You have used all {challenge.attempts_max} attempts for this challenge.")


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

    The attempt is given back only when grading had not begun: results may have been seen already. Raises NotFound or
    NotCancellable.
    """
    get_submission(session, viewer, submission_id)
    submission = _locked(session, submission_id)
    untouched = submission.status is SubmissionStatus.QUEUED and submission.grading_attempt == 0
    if submission.status not in (SubmissionStatus.QUEUED, SubmissionStatus.GRADING):
        raise NotCancellable(f"This submission is {submission.status.value} already.")
    submission.status, submission.lease_expires_at = SubmissionStatus.CANCELLED, None
    submission.graded_at = func.clock_timestamp()
    if untouched:
        give_attempt_back(session, submission)
    record(session, submission.user_id, SubmissionCancelled(submission.id, submission.challenge_id))
    progress = lock_progress(session, submission.user_id, submission.challenge_id)
    record_progress(session, progress)
    return submission


def _locked(session: Session, submission_id: int) -> Submission:
    query = select(Submission).where(Submission.id == submission_id).with_for_update()
    return session.execute(query, execution_options={"populate_existing": True}).scalar_one()


def _queued(user: User, challenge: Challenge, grader: Grader, new: NewSubmission) -> Submission:
    return Submission(
        user_id=user.id,
        challenge_id=challenge.id,
        answer=new.answer,
        language=new.answer.get("language"),
        source=new.source,
        reply_chat_id=new.reply_chat_id,
        reply_message_id=new.reply_message_id,
        request_id=current_request_id(),
        queue=grader.queue,
        queued_at=func.clock_timestamp(),
        publish_after=func.clock_timestamp() + PUBLISH_GRACE,
    )
