"""What a ticket leads to: claim, grade, record. What fails here is our fault, and goes back to the queue."""

from __future__ import annotations

import logging
import time
from contextlib import AbstractContextManager, closing
from functools import partial

from sqlalchemy.exc import InterfaceError, OperationalError

from core.bus import Message
from core.errors import GradingCancelled
from core.events import SubmissionCaseGraded, user_room
from core.grading import CaseResult, GradeReport, Lane, Queue
from core.logs import submission_context
from core.outbox import outbox, transaction
from core.queue import BATCHED, ticket
from core.services.claims import LEASE, Claim, claim_submissions, renew_leases
from core.services.events import live
from core.services.grading import await_review, finish_gradings, release_submission
from core.tallies import ENDED, FENCED_OUT, GRADING, TALLIES
from core.telemetry import span
from core.words import SubmissionStatus
from graders.registry import grader_for
from workers.alarms import give_up
from workers.background import grade_in_background
from workers.lease import LeaseKeeper
from workers.runtime import Runtime

# Questions are graded in so many at once: they take microseconds, and share the cost of their transactions.
BATCH = 32
# So long (seconds) one ticket may keep a process busy with questions; a further ticket goes on.
TURN = 2.0
# Between two attempts to write a verdict while the database is away (seconds).
PAUSE = 0.3

log = logging.getLogger(__name__)


def work(runtime: Runtime, lane: Lane, worker: str) -> None:
    """Grade the next program of the lane; or its questions, until none waits. Nothing waits: nothing happens.

    Among rejudges, what learners wait for comes first, then what is graded in the background.
    """
    if lane.queue not in BATCHED:
        if not grade_next(runtime, lane, worker) and lane.queue is Queue.REJUDGES:
            grade_in_background(runtime, lane)
        return
    began = time.monotonic()
    while grade_next(runtime, lane, worker, BATCH):
        if time.monotonic() - began > TURN:
            with transaction(runtime.sessions, runtime.ports) as session:
                outbox(session).tasks.append(ticket(lane))
            return


def grade_next(runtime: Runtime, lane: Lane, worker: str, limit: int = 1) -> int:
    """Grade the next submissions of the lane, at most `limit`; how many there were."""
    began = time.monotonic()
    with transaction(runtime.sessions, runtime.ports) as session:
        claims = claim_submissions(session, lane, worker, limit)
    if claims:
        with LeaseKeeper(runtime.sessions, partial(renew_leases, claims=claims)) as lease:
            graded = [(claim, report) for claim in claims if (report := _grade(runtime, claim, lease))]
            _finish(runtime, graded, began)
    return len(claims)


def _grade(runtime: Runtime, claim: Claim, lease: LeaseKeeper) -> GradeReport | None:
    """The report; None where there is none, and the submission was put where it belongs."""
    with _context(claim), span("grade", kind=claim.kind, **_about(claim)):
        try:
            if grader_for(claim.kind).manual:
                with transaction(runtime.sessions, runtime.ports) as session:
                    await_review(session, claim)
                return None
            return _report(runtime, claim, lease)
        except Exception as error:
            if lease.lost or isinstance(error, GradingCancelled):
                log.info("submission %s was cancelled or taken over", claim.submission_id)
            else:
                _release(runtime, claim, error)
        return None


def _report(runtime: Runtime, claim: Claim, lease: LeaseKeeper) -> GradeReport:
    grader = grader_for(claim.kind)
    results: list[CaseResult] = []
    with closing(grader.validate_submission(claim.spec, claim.answer)) as grading:
        for result in grading:
            lease.check()
            results.append(grader.with_hint(claim.spec, result, claim.learner_attempt))
            if not _is_quick(claim):
                runtime.ports.bus.publish([_case(claim, len(results), results[-1])])
    return grader.summarise(claim.spec, results)


def _is_quick(claim: Claim) -> bool:
    """Whether it is graded so fast that its results may as well be announced with the verdict."""
    return grader_for(claim.kind).queue in BATCHED


def _case(claim: Claim, index: int, result: CaseResult) -> Message:
    event = SubmissionCaseGraded(claim.submission_id, claim.challenge_id, index, result.as_dict())
    return Message(user_room(claim.user_id), live(event).as_dict())


def _finish(runtime: Runtime, graded: list[tuple[Claim, GradeReport]], began: float) -> None:
    if not graded:
        return
    held = _written(runtime, graded)
    each = (time.monotonic() - began) / len(graded)
    for claim, report in graded:
        with _context(claim):
            if claim.submission_id in held:
                _count(claim, report, each)
                log.info("submission %s: %s", claim.submission_id, report.verdict)
            else:
                TALLIES.count(FENCED_OUT)
                log.warning("submission %s was fenced out at attempt %s", claim.submission_id, claim.attempt)


def _count(claim: Claim, report: GradeReport, seconds: float) -> None:
    TALLIES.count(ENDED, status=SubmissionStatus.GRADED.value, verdict=report.verdict.value)
    TALLIES.observe(GRADING, seconds, kind=claim.kind, language=claim.language or "")


def _written(runtime: Runtime, graded: list[tuple[Claim, GradeReport]]) -> set[int]:
    """The ids whose verdict was written. A database that just restarts costs no grading; the fence makes it safe to
    try again, whatever became of the first commit."""
    deadline = time.monotonic() + LEASE.total_seconds()
    while True:
        try:
            with transaction(runtime.sessions, runtime.ports) as session:
                outbox(session).messages.extend(_unannounced(graded))
                return finish_gradings(session, graded)
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)


def _unannounced(graded: list[tuple[Claim, GradeReport]]) -> list[Message]:
    return [
        _case(claim, index, result)
        for claim, report in graded
        if _is_quick(claim)
        for index, result in enumerate(report.results, 1)
    ]


def _release(runtime: Runtime, claim: Claim, error: Exception) -> None:
    log.error("submission %s could not be graded", claim.submission_id, exc_info=error)
    with transaction(runtime.sessions, runtime.ports) as session:
        freed = release_submission(session, claim, f"{type(error).__name__}: {error}")
    if freed and freed.failed:
        give_up(freed)


def _context(claim: Claim) -> AbstractContextManager[None]:
    return submission_context(**_about(claim))


def _about(claim: Claim) -> dict[str, str | int | None]:
    return {"submission_id": claim.submission_id, "attempt": claim.attempt, "request_id": claim.request_id}
