"""Trial runs: queued, claimed, finished; lost ones end as failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.bus import Message
from core.db import now
from core.errors import Conflict, NotFound, TooManyRequests, ValidationFailed
from core.events import RunFinished, user_room
from core.grading import Grader, GradeReport, Verdict
from core.models.challenge import Challenge
from core.models.run import Run
from core.models.user import User
from core.outbox import outbox
from core.queue import trial_task
from core.services.events import live
from core.services.prerequisites import ensure_unlocked
from core.words import ChallengeState, SubmissionStatus

UNFINISHED = (SubmissionStatus.QUEUED, SubmissionStatus.GRADING)
AT_ONCE = 3
# A run that took longer than this was lost.
LOST_AFTER = timedelta(minutes=2)
KEPT = timedelta(days=1)
MAX_STDIN = 64 * 1024


@dataclass(frozen=True, slots=True)
class RunClaim:
    """A worker's right to do a run."""

    run_id: int
    user_id: int
    kind: str
    spec: dict[str, Any]
    answer: dict[str, Any]
    stdin: str | None


@dataclass(frozen=True, slots=True)
class NewRun:
    """What to try: an answer, on the sample tests or on an input of one's own."""

    answer: Any
    stdin: str | None = None


def create_run(session: Session, user: User, challenge: Challenge, grader: Grader, new: NewRun) -> Run:
    """Queue a trial run in the caller's transaction. It costs no attempt.

    Raises NotFound, Conflict (archived, or a kind without trials), PrerequisitesMissing, ValidationFailed or
    TooManyRequests.
    """
    _ensure_triable(user, challenge, grader)
    ensure_unlocked(session, user, challenge)
    grader.check_answer(challenge.spec, new.answer)
    if new.stdin is not None and len(new.stdin.encode(errors="replace")) > MAX_STDIN:
        raise ValidationFailed({"stdin": [f"At most {MAX_STDIN // 1024} KB."]})
    if _unfinished(session, user) >= AT_ONCE:
        raise TooManyRequests(f"Wait for one of your {AT_ONCE} trial runs to end.", retry_after=1)
    run = Run(user_id=user.id, challenge_id=challenge.id, answer=new.answer, stdin=new.stdin)
    session.add(run)
    session.flush()
    outbox(session).tasks.append(trial_task(run.id, new.answer.get("language")))
    return run


def get_run(session: Session, user: User, run_id: int) -> Run:
    """The user's own run. Raises NotFound."""
    run = session.get(Run, run_id)
    if run is None or run.user_id != user.id:
        raise NotFound
    return run


def claim_run(session: Session, run_id: int) -> RunClaim | None:
    """queued -> grading. None when there is nothing to take."""
    take = (
        update(Run)
        .where(Run.id == run_id, Run.status == SubmissionStatus.QUEUED)
        .values(status=SubmissionStatus.GRADING, started_at=func.clock_timestamp())
        .returning(Run)
    )
    run = session.scalars(take).one_or_none()
    if run is None:
        return None
    challenge = session.get_one(Challenge, run.challenge_id)
    return RunClaim(run.id, run.user_id, challenge.kind, challenge.spec, run.answer, run.stdin)


def finish_run(session: Session, claim: RunClaim, report: GradeReport) -> None:
    """grading -> graded, and tell the learner after the commit. A late result changes nothing."""
    results = [result.as_dict() for result in report.results]
    values = {"verdict": report.verdict, "results": results, "compile_output": report.compile_output}
    _end(session, claim, SubmissionStatus.GRADED, values)


def fail_run(session: Session, claim: RunClaim, reason: str) -> None:
    """grading -> failed: our fault, the learner may try again."""
    _end(
        session, claim, SubmissionStatus.FAILED, {"verdict": Verdict.INTERNAL_ERROR, "failure": reason[:2000]}
    )


def discard_old_runs(session: Session) -> None:
    """End the lost ones as failed, and drop those of yesterday."""
    lost = update(Run).where(Run.status.in_(UNFINISHED), Run.queued_at < now() - LOST_AFTER)
    session.execute(lost.values(status=SubmissionStatus.FAILED, failure="It was lost; try again."))
    session.execute(delete(Run).where(Run.queued_at < now() - KEPT))


def _ensure_triable(user: User, challenge: Challenge, grader: Grader) -> None:
    if challenge.state is ChallengeState.DRAFT and not user.is_author:
        raise NotFound
    if challenge.state is ChallengeState.ARCHIVED:
        raise Conflict("This challenge is archived.")
    if not grader.has_trials:
        raise Conflict(f"Challenges of kind {challenge.kind} have no trial runs; submit your answer.")


def _unfinished(session: Session, user: User) -> int:
    recent = Run.queued_at > now() - LOST_AFTER
    rows = (
        select(func.count())
        .select_from(Run)
        .where(Run.user_id == user.id, Run.status.in_(UNFINISHED), recent)
    )
    return session.scalar(rows) or 0


def _end(session: Session, claim: RunClaim, status: SubmissionStatus, values: dict[str, Any]) -> None:
    end = update(Run).where(Run.id == claim.run_id, Run.status == SubmissionStatus.GRADING)
    values = {"status": status, "graded_at": func.clock_timestamp(), **values}
    if session.scalar(end.values(values).returning(Run.id)) is None:
        return
    event = live(RunFinished(claim.run_id, status.value, values["verdict"].value))
    outbox(session).messages.append(Message(user_room(claim.user_id), event.as_dict()))
