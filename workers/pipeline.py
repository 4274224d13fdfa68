"""One submission through grading: claim, grade, record. What fails here is our fault, and goes back to the queue."""

from __future__ import annotations

import logging
from contextlib import closing

from core.bus import Message
from core.errors import GradingCancelled
from core.events import SubmissionCaseGraded, user_room
from core.grading import CaseResult, GradeReport
from core.logs import submission_context
from core.outbox import transaction
from core.services.events import live
from core.services.grading import Claim, await_review, claim_submission, finish_grading, release_submission
from core.telemetry import span
from graders.registry import grader_for
from workers.lease import LeaseKeeper
from workers.runtime import Runtime

log = logging.getLogger(__name__)


def grade(runtime: Runtime, submission_id: int, worker: str) -> None:
    """Grade a queued submission; a duplicate delivery finds nothing to claim and stops here."""
    with transaction(runtime.sessions, runtime.ports) as session:
        claim = claim_submission(session, submission_id, worker)
    if claim is None:
        log.info("submission %s is not queued; this delivery is a duplicate", submission_id)
        return
    about = {"submission_id": claim.submission_id, "attempt": claim.attempt, "request_id": claim.request_id}
    with submission_context(**about), span("grade", kind=claim.kind, **about):
        _grade(runtime, claim)


def _grade(runtime: Runtime, claim: Claim) -> None:
    try:
        with LeaseKeeper(runtime.sessions, claim) as lease:
            report = _report(runtime, claim, lease)
    except GradingCancelled:
        log.info("submission %s was cancelled or taken over", claim.submission_id)
    except Exception as error:
        log.exception("submission %s could not be graded", claim.submission_id)
        _release(runtime, claim, error)
    else:
        _finish(runtime, claim, report)


def _report(runtime: Runtime, claim: Claim, lease: LeaseKeeper) -> GradeReport | None:
    """The grader's report; None where a person must grade."""
    grader = grader_for(claim.kind)
    if grader.manual:
        return None
    results: list[CaseResult] = []
    with closing(grader.validate_submission(claim.spec, claim.answer)) as grading:
        for result in grading:
            lease.check()
            results.append(grader.with_hint(claim.spec, result, claim.learner_attempt))
            _announce(runtime, claim, len(results), results[-1])
    return grader.summarise(claim.spec, results)


def _announce(runtime: Runtime, claim: Claim, index: int, result: CaseResult) -> None:
    event = SubmissionCaseGraded(claim.submission_id, claim.challenge_id, index, result.as_dict())
    runtime.ports.bus.publish(Message(user_room(claim.user_id), live(event).as_dict()))


def _finish(runtime: Runtime, claim: Claim, report: GradeReport | None) -> None:
    with transaction(runtime.sessions, runtime.ports) as session:
        held = finish_grading(session, claim, report) if report else await_review(session, claim)
    if held:
        log.info("submission %s: %s", claim.submission_id, report.verdict if report else "awaits review")
    else:
        log.warning("submission %s was fenced out at attempt %s", claim.submission_id, claim.attempt)


def _release(runtime: Runtime, claim: Claim, error: Exception) -> None:
    with transaction(runtime.sessions, runtime.ports) as session:
        release_submission(session, claim, f"{type(error).__name__}: {error}")
