"""What a rejudge would change, read from the present rows: for its preview, and under locks when it is applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, and_, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from core.models.batch import Batch, Grading
from core.models.challenge import Challenge, Revision
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.services.replay import Answer, Outcome, Price, Reached, recount
from core.words import GradingStatus, Rejudging, SubmissionStatus


def applicable() -> ColumnElement[bool]:
    """The condition that a grading has its verdict, and its submission, joined, stands as when it was asked for."""
    seen = Grading.details
    return and_(
        Grading.status == GradingStatus.GRADED,
        Submission.id == Grading.submission_id,
        Submission.status == SubmissionStatus.GRADED,
        Submission.revision == seen["revision"].as_integer(),
        Submission.verdict == seen["verdict"].as_string(),
        Submission.score == seen["score"].as_float(),
    )


def has_changed() -> ColumnElement[bool]:
    """The condition that a grading's verdict or score is another one than before."""
    seen = Grading.details
    return or_(Grading.verdict != seen["verdict"].as_string(), Grading.score != seen["score"].as_float())


def learners_of(session: Session, batch: Batch) -> list[int]:
    """The ids of the learners with a submission that the rejudge would touch, in their order."""
    query = select(Submission.user_id).distinct().join(Grading, applicable())
    return list(session.scalars(query.where(Grading.batch_id == batch.id).order_by(Submission.user_id)))


def policy_of(session: Session, batch: Batch) -> Rejudging:
    """That of the challenge, as it is now."""
    return session.scalars(select(Challenge.on_rejudge).where(Challenge.id == batch.challenge_id)).one()


def outcomes(session: Session, batch: Batch, user_ids: Collection[int]) -> list[Outcome]:
    """What the rejudge makes of the progress of these learners, by all of their graded answers to the challenge."""
    prices = prices_of(session, batch.challenge_id)
    policy = policy_of(session, batch)
    answers = _answers(session, batch, user_ids)
    found = []
    for user_id, before in _progress(session, batch, user_ids).items():
        after, added = recount(before, answers[user_id], prices, policy)
        found.append(Outcome(user_id, before, after, _differing(answers[user_id], added)))
    return found


def prices_of(session: Session, challenge_id: int) -> Mapping[int, Price]:
    """What each revision pays."""
    query = select(Revision.number, Revision.points, Revision.attempt_penalty)
    rows = session.execute(query.where(Revision.challenge_id == challenge_id))
    return {row.number: Price(row.points, row.attempt_penalty) for row in rows}


def summarise(session: Session, batch: Batch, changed: Collection[Outcome]) -> dict[str, Any]:
    """The preview in figures: submissions, verdicts, learners, points."""
    gains = [one.change for one in changed]
    return {
        "policy": policy_of(session, batch).value,
        **_submissions(session, batch),
        "verdicts": _verdicts(session, batch),
        "learners": {
            "concerned": len(changed),
            "up": sum(gain > 0 for gain in gains),
            "down": sum(gain < 0 for gain in gains),
            "completed": sum(one.completes for one in changed),
            "reopened": sum(one.reopens for one in changed),
        },
        "points": {
            "up": sum(gain for gain in gains if gain > 0),
            "down": -sum(gain for gain in gains if gain < 0),
        },
    }


def preview(session: Session, batch: Batch) -> dict[str, Any]:
    """What applying it now would do."""
    return summarise(session, batch, outcomes(session, batch, learners_of(session, batch)))


def _submissions(session: Session, batch: Batch) -> dict[str, int]:
    """How many of its submissions change, stay, are left alone because they changed meanwhile, or were not graded."""
    graded = func.count().filter(Grading.status == GradingStatus.GRADED)
    standing, differing = func.count().filter(applicable()), func.count().filter(applicable(), has_changed())
    failed = func.count().filter(Grading.status == GradingStatus.FAILED)
    query = select(graded, standing, differing, failed).join(
        Submission, Submission.id == Grading.submission_id
    )
    graded_n, standing_n, changed, failed_n = session.execute(query.where(Grading.batch_id == batch.id)).one()
    return {
        "changed": changed,
        "unchanged": standing_n - changed,
        "skipped": graded_n - standing_n,
        "failed": failed_n,
    }


def _verdicts(session: Session, batch: Batch) -> list[dict[str, Any]]:
    before, number = Grading.details["verdict"].as_string(), func.count()
    query: Select[Any] = select(before, Grading.verdict, number).join(Submission, applicable())
    query = query.where(Grading.batch_id == batch.id, has_changed()).group_by(before, Grading.verdict)
    query = query.order_by(number.desc(), before, Grading.verdict)
    return [
        {"from": old, "to": new.value, "submissions": count} for old, new, count in session.execute(query)
    ]


def _answers(session: Session, batch: Batch, user_ids: Collection[int]) -> Mapping[int, list[Answer]]:
    """By learner, as they are graded once the rejudge is applied; the same afterwards."""
    anew = applicable() & (Grading.batch_id == batch.id)
    query = (
        select(
            Submission.user_id,
            Submission.id,
            func.coalesce(Grading.score, Submission.score).label("score"),
            Grading.id.is_not(None).label("anew"),
            Submission.revision,
            Submission.attempt,
            Submission.deducted,
            Submission.points,
            Submission.graded_at,
        )
        .outerjoin(Grading, anew)
        .where(Submission.challenge_id == batch.challenge_id, Submission.status == SubmissionStatus.GRADED)
        .where(_one_of(Submission.user_id, user_ids))
    )
    found: Mapping[int, list[Answer]] = defaultdict(list)
    for row in session.execute(query):
        bound = batch.revision if row.anew else row.revision
        answer = Answer(row.id, bound, row.score, row.attempt, row.deducted, row.points or 0, row.graded_at)
        found[row.user_id].append(answer)
    return found


def _progress(session: Session, batch: Batch, user_ids: Collection[int]) -> dict[int, Reached]:
    query = (
        select(
            UserProgress.user_id,
            UserProgress.status,
            UserProgress.score,
            UserProgress.points,
            UserProgress.completed_at,
        )
        .where(UserProgress.challenge_id == batch.challenge_id, _one_of(UserProgress.user_id, user_ids))
        .order_by(UserProgress.user_id)
    )
    return {
        row.user_id: Reached(row.status, row.score, row.points, row.completed_at)
        for row in session.execute(query)
    }


def _one_of(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """As IN, with one parameter for thousands."""
    return and_(column == any_(literal(list(ids), ARRAY(Integer))))


def _differing(answers: Collection[Answer], added: Mapping[int, int]) -> dict[int, int]:
    return {one.id: added[one.id] for one in answers if added[one.id] != one.points}
