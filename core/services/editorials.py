"""Editorials: the author's solution, to be read afterwards."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.models.challenge import Challenge
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.models.user import User
from core.services.progress import attempts_left
from core.words import ProgressStatus, SubmissionStatus

# An answer in these can be cancelled, or fail by our fault: the learner would get the attempt back.
PENDING = (SubmissionStatus.QUEUED, SubmissionStatus.GRADING)


def get_editorial(session: Session, reader: User, challenge: Challenge) -> str:
    """The editorial. Raises NotFound where there is none, or the reader may still solve the challenge without it."""
    if challenge.editorial and _may_read(session, reader, challenge):
        return challenge.editorial
    raise NotFound


def _may_read(session: Session, reader: User, challenge: Challenge) -> bool:
    progress = session.get(UserProgress, (reader.id, challenge.id))
    if reader.is_author or (progress and progress.status is ProgressStatus.COMPLETED):
        return True
    return attempts_left(challenge, progress) == 0 and not _awaits(session, reader, challenge)


def _awaits(session: Session, reader: User, challenge: Challenge) -> bool:
    pending = exists().where(
        Submission.user_id == reader.id,
        Submission.challenge_id == challenge.id,
        Submission.status.in_(PENDING),
    )
    return bool(session.scalar(select(pending)))
