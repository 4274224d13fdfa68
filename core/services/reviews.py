"""The queue of submissions that a person must grade: who reads which.

A claim keeps other reviewers away for CLAIM. It is two columns of the submission, so taking one is a compare-and-set
under the row's lock; one that has expired is ignored, and nothing needs to sweep it. The clock is PostgreSQL's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, defer, joinedload

from core.errors import Conflict, NotFound, ReviewClaimed
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.models.user import User
from core.services.audit import Act, record_act
from core.services.challenges import in_categories
from core.services.claims import FRESH
from core.words import Claimed, SubmissionStatus

CLAIM = timedelta(minutes=30)
NOT_WAITING = "This submission does not wait for a review."
FREE = or_(Submission.review_until.is_(None), Submission.review_until <= func.clock_timestamp())
Holder = aliased(User)


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which submissions; the values of one field are alternatives, an empty one does not matter.

    `categories` are ids or names.
    """

    challenge_ids: Sequence[int] = ()
    categories: tuple[str, ...] = ()
    claimed: Sequence[Claimed] = ()


def list_reviews(reviewer: User, wanted: ReviewFilter) -> Select[Submission, User]:
    """The submissions that await review, each with who holds it or None. Without an order."""
    parts = (joinedload(Submission.challenge).options(defer(Challenge.spec)), joinedload(Submission.user))
    holds = (Holder.id == Submission.reviewer_id) & ~FREE
    query = select(Submission, Holder).outerjoin(Holder, holds).options(*parts)
    return query.where(*_waiting(wanted), _claimed(reviewer, wanted.claimed))


def claim_review(session: Session, reviewer: User, submission_id: int) -> Submission:
    """Take a submission, or keep it for another CLAIM. Raises NotFound, Conflict or ReviewClaimed."""
    row = _locked(session, submission_id)
    ensure_free(session, reviewer, row)
    return _taken(session, reviewer, row)


def claim_next(session: Session, reviewer: User, wanted: ReviewFilter) -> Submission | None:
    """Take the submission that has waited longest and is nobody's; None when there is none.

    One that another reviewer is just taking is passed over.
    """
    free = select(Submission).where(*_waiting(wanted), FREE).order_by(Submission.id).limit(1)
    first = free.with_for_update(of=Submission, skip_locked=True)
    row = session.scalars(first, execution_options=FRESH).one_or_none()
    return _taken(session, reviewer, row) if row else None


def release_review(session: Session, reviewer: User, submission_id: int) -> None:
    """Give a claim back; without one nothing happens. Raises NotFound, Conflict or ReviewClaimed."""
    row = _locked(session, submission_id)
    ensure_free(session, reviewer, row)
    if row.reviewer_id == reviewer.id:
        row.reviewer_id = row.review_until = None
        record_act(session, Act("review.released", "submission", row.id))


def ensure_free(session: Session, reviewer: User, row: Submission) -> None:
    """Raises ReviewClaimed while somebody else holds `row`, whose lock the caller holds."""
    if (until := claimed_until(session, row)) and row.reviewer_id != reviewer.id:
        name = session.get_one(User, row.reviewer_id).username
        raise ReviewClaimed(f"{name} has claimed this submission until {until:%H:%M} UTC; take another.")


def claimed_until(session: Session, row: Submission) -> datetime | None:
    """When the claim on `row` ends; None when nobody holds it."""
    if row.reviewer_id is None or row.review_until is None:
        return None
    return row.review_until if row.review_until > _clock(session) else None


def _taken(session: Session, reviewer: User, row: Submission) -> Submission:
    renewed = row.reviewer_id == reviewer.id and claimed_until(session, row)
    row.reviewer_id, row.review_until = reviewer.id, _clock(session) + CLAIM
    if not renewed:
        record_act(session, Act("review.claimed", "submission", row.id, {"learner_id": row.user_id}))
    session.flush()
    return row


def _clock(session: Session) -> datetime:
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now


def _locked(session: Session, submission_id: int) -> Submission:
    query = select(Submission).where(Submission.id == submission_id).with_for_update()
    row = session.scalars(query, execution_options=FRESH).one_or_none()
    if row is None:
        raise NotFound
    if row.status is not SubmissionStatus.AWAITING_REVIEW:
        raise Conflict(NOT_WAITING)
    return row


def _waiting(wanted: ReviewFilter) -> list[ColumnElement[bool]]:
    found = [Submission.status == SubmissionStatus.AWAITING_REVIEW]
    if wanted.challenge_ids:
        found.append(Submission.challenge_id.in_(wanted.challenge_ids))
    if wanted.categories:
        of_them = select(Challenge.id).where(in_categories(wanted.categories))
        found.append(Submission.challenge_id.in_(of_them))
    return found


def _claimed(reviewer: User, words: Sequence[Claimed]) -> ColumnElement[bool]:
    """The condition that a submission is, to `reviewer`, what one of `words` says."""
    mine = Submission.reviewer_id == reviewer.id
    meanings = {Claimed.MINE: ~FREE & mine, Claimed.FREE: FREE, Claimed.OTHERS: ~FREE & ~mine}
    return or_(*(meanings[word] for word in words or Claimed))
