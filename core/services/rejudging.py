"""Applying a rejudge: one transaction, one act.

Locks in the order of the house: the batch, the challenge (one rejudge of it at a time; its policy stays), submissions,
progress, totals, users. Answers that are graded meanwhile wait for the progress rows, and are counted on top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Update, any_, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from core.db import now
from core.events import LeaderboardChanged, SubmissionRejudged
from core.models.batch import Batch, Grading
from core.models.challenge import Challenge
from core.models.progress import LedgerEntry, UserProgress
from core.models.submission import Submission
from core.services.achievements import unlock_achievements
from core.services.audit import Act, record_act
from core.services.batches import end_batch, lock_batch
from core.services.claims import FRESH
from core.services.events import Fact, record_all
from core.services.progress import progress_updated
from core.services.recounting import applicable, has_changed, outcomes, preview, summarise
from core.services.rejudges import get_rejudge
from core.services.replay import Outcome
from core.services.totals import add_points
from core.words import BatchStatus

# So many learners are told with one statement: the database ends transactions that think for 5 s between two.
CHUNK = 500

WRITE_PROGRESS = text("""
UPDATE user_progress AS mine
SET status = new.status, score = new.score, points = new.points, completed_at = new.completed_at, updated_at = :at,
    epoch = mine.epoch + CASE WHEN new.points < mine.points THEN 1 ELSE 0 END
FROM unnest(CAST(:user_ids AS int[]), CAST(:statuses AS text[]), CAST(:scores AS float8[]), CAST(:points AS int[]),
            CAST(:completed AS timestamptz[])) AS new (user_id, status, score, points, completed_at)
WHERE mine.challenge_id = :challenge_id AND mine.user_id = new.user_id
""")
WRITE_POINTS = text("""
UPDATE submissions SET points = new.points
FROM unnest(CAST(:ids AS bigint[]), CAST(:points AS int[])) AS new (id, points) WHERE submissions.id = new.id
""")
WRITE_REACHED = text("""
UPDATE gradings SET details = details || jsonb_build_object('points', jsonb_build_array(new.before, new.after))
FROM unnest(CAST(:user_ids AS int[]), CAST(:before AS int[]), CAST(:after AS int[])) AS new (user_id, before, after)
JOIN submissions ON submissions.user_id = new.user_id
WHERE gradings.batch_id = :batch_id AND gradings.submission_id = submissions.id AND gradings.details ? 'applied'
""")


@dataclass(frozen=True, slots=True)
class Told:
    """What learners are told of: outcomes, the ids of the submissions that changed, and who has how many points now."""

    outcomes: Collection[Outcome]
    changed: Sequence[int]
    totals: Mapping[int, int]


def settle_rejudge(session: Session, batch: Batch) -> None:
    """All are graded: ready to be looked at. The caller holds the batch's lock."""
    end_batch(batch, BatchStatus.READY, preview(session, batch))


def apply_rejudge(session: Session, rejudge_id: int) -> Batch:
    """Give the submissions their new verdicts and recount their learners' points, in the caller's transaction.

    Raises NotFound, or Conflict when it is not ready: of two who apply it, the second gets that.
    """
    get_rejudge(session, rejudge_id)
    batch = lock_batch(session, rejudge_id, BatchStatus.READY)
    session.execute(
        select(Challenge.id).where(Challenge.id == batch.challenge_id).with_for_update(key_share=True)
    )
    user_ids = _lock_all(session, batch)
    found = outcomes(session, batch, user_ids)
    report = summarise(session, batch, found)
    changed = _write_verdicts(session, batch)
    _write_outcomes(session, batch, found)
    totals = _pay(session, batch, found)
    end_batch(batch, BatchStatus.APPLIED, report)
    record_act(session, Act("rejudge.applied", "rejudge", batch.id, _brief(batch, report)))
    _tell(session, batch, Told(found, changed, totals))
    session.flush()
    session.expire_all()  # statements have written past what it holds
    return batch


def _lock_all(session: Session, batch: Batch) -> list[int]:
    """The submissions that will change, then their learners' progress; whose that is."""
    submissions = (
        select(Submission.user_id)
        .join(Grading, Grading.submission_id == Submission.id)
        .where(Grading.batch_id == batch.id)
        .order_by(Submission.id)
        .with_for_update(key_share=True, of=Submission)
    )
    session.execute(submissions).all()
    standing = select(Submission.user_id).join(Grading, applicable()).where(Grading.batch_id == batch.id)
    progress = (
        select(UserProgress.user_id)
        .where(UserProgress.challenge_id == batch.challenge_id, UserProgress.user_id.in_(standing))
        .order_by(UserProgress.user_id)
        .with_for_update()
    )
    return list(session.scalars(progress))


def _write_verdicts(session: Session, batch: Batch) -> Sequence[int]:
    """Bind the submissions to the revision, with their new results. Returns those with another verdict or score."""
    mine = Grading.batch_id == batch.id
    query = select(Submission.id).join(Grading, applicable()).where(mine, has_changed())
    changed = session.scalars(query).all()
    applied = Grading.details.op("||")(func.jsonb_build_object("applied", True))
    _run(session, update(Grading).where(mine, applicable()).values(details=applied))
    write = update(Submission).where(mine, applicable())
    write = write.values(
        revision=batch.revision,
        verdict=Grading.verdict,
        score=Grading.score,
        results=Grading.results,
        compile_output=Grading.compile_output,
    )
    _run(session, write)
    # The submissions have them now, and nobody asks for the others.
    _run(session, update(Grading).where(mine).values(results=None, compile_output=None))
    return changed


def _write_outcomes(session: Session, batch: Batch, found: Collection[Outcome]) -> None:
    """What each submission added, and how far each learner got; in the gradings too, for the list of changes."""
    added = {submission_id: points for one in found for submission_id, points in one.added.items()}
    session.execute(WRITE_POINTS, {"ids": list(added), "points": list(added.values())})
    moved = [one for one in found if one.after != one.before]
    values = {
        "challenge_id": batch.challenge_id,
        "user_ids": [one.user_id for one in moved],
        "statuses": [one.after.status.value for one in moved],
        "scores": [one.after.score for one in moved],
        "points": [one.after.points for one in moved],
        "completed": [one.after.completed_at for one in moved],
        "at": now(),
    }
    session.execute(WRITE_PROGRESS, values)
    reached = {
        "batch_id": batch.id,
        "user_ids": [one.user_id for one in found],
        "before": [one.before.points for one in found],
        "after": [one.after.points for one in found],
    }
    session.execute(WRITE_REACHED, reached)


def _pay(session: Session, batch: Batch, found: Collection[Outcome]) -> dict[int, int]:
    """One entry in the ledger for each learner whose points change; what each of these has in all."""
    at = now()
    paid = [
        {
            "user_id": one.user_id,
            "challenge_id": batch.challenge_id,
            "rule": f"rejudge:{batch.id}",
            "points": one.change,
            "created_at": at,
        }
        for one in found
        if one.change
    ]
    if paid:
        session.execute(insert(LedgerEntry), paid)
    return add_points(session, paid)


def _tell(session: Session, batch: Batch, told: Told) -> None:
    """Events, learner after learner in the order of their ids, which is that of their locks."""
    verdicts = _verdict_facts(session, told)
    for some in _in_chunks(sorted(told.outcomes, key=lambda one: one.user_id)):
        moved = [one for one in some if _is_seen(one)]
        progress = _progress(session, batch, moved)
        facts = [fact for one in some for fact in verdicts[one.user_id]]
        for one in moved:
            facts.append((one.user_id, progress_updated(progress[one.user_id])))
            if one.change:
                facts.append((one.user_id, LeaderboardChanged(told.totals[one.user_id], one.change)))
        facts += unlock_achievements(session, [progress[one.user_id] for one in moved if one.completes])
        record_all(session, facts)


def _verdict_facts(session: Session, told: Told) -> Mapping[int, list[Fact]]:
    """By learner; the best comes last: it is the one that a chat is told."""
    changes = {one.user_id: one.change for one in told.outcomes}
    rows = select(
        Submission.user_id,
        Submission.id,
        Submission.challenge_id,
        Submission.verdict,
        Submission.score,
        Submission.points,
        Submission.attempt,
    ).where(Submission.id == any_(literal(list(told.changed), ARRAY(BigInteger))))
    facts: Mapping[int, list[Fact]] = defaultdict(list)
    for row in session.execute(rows.order_by(Submission.score, Submission.id)):
        event = SubmissionRejudged(
            row.id,
            row.challenge_id,
            row.verdict.value,
            row.score,
            row.points,
            row.attempt,
            changes[row.user_id],
        )
        facts[row.user_id].append((row.user_id, event))
    return facts


def _progress(session: Session, batch: Batch, moved: Sequence[Outcome]) -> Mapping[int, UserProgress]:
    ids = [one.user_id for one in moved]
    rows = select(UserProgress).where(UserProgress.challenge_id == batch.challenge_id)
    found = session.scalars(rows.where(UserProgress.user_id.in_(ids)), execution_options=FRESH)
    return {row.user_id: row for row in found}


def _in_chunks(outcomes: Sequence[Outcome]) -> Iterator[Sequence[Outcome]]:
    for start in range(0, len(outcomes), CHUNK):
        yield outcomes[start : start + CHUNK]


def _is_seen(one: Outcome) -> bool:
    """Whether clients are shown what changed; when it was completed is none of it."""
    before, after = one.before, one.after
    return (before.status, before.score, before.points) != (after.status, after.score, after.points)


def _run(session: Session, statement: Update) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


def _brief(batch: Batch, report: Mapping[str, Any]) -> dict[str, Any]:
    return {"challenge_id": batch.challenge_id, "revision": batch.revision, **report}
