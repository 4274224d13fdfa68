"""Grading what nobody waits for: the answers of batches. It changes no progress and announces nothing."""

from __future__ import annotations

import logging
from contextlib import closing
from functools import partial

from core.errors import GradingCancelled, InvalidAnswer
from core.grading import CaseResult, GradeReport, Lane, Verdict
from core.services.batches import (
    GradingClaim,
    claim_gradings,
    finish_grading,
    release_grading,
    renew_gradings,
)
from graders.registry import grader_for
from graders.strength.gate import tightened
from workers.lease import LeaseKeeper
from workers.runtime import Runtime

# Questions take microseconds: so many at once share a transaction.
BATCH = 32

log = logging.getLogger(__name__)


def grade_in_background(runtime: Runtime, lane: Lane) -> None:
    """Grade the next program that a batch has in the lane, or its next questions."""
    with runtime.sessions.begin() as session:
        claims = claim_gradings(session, lane, 1 if lane.language else BATCH)
    if claims:
        with LeaseKeeper(runtime.sessions, partial(renew_gradings, claims=claims)) as lease:
            for claim in claims:
                _grade(runtime, claim, lease)


def _grade(runtime: Runtime, claim: GradingClaim, lease: LeaseKeeper) -> None:
    try:
        report = _report(claim, lease)
    except Exception as error:
        if lease.lost or isinstance(error, GradingCancelled):
            log.info("grading %s was cancelled or taken over", claim.grading_id)
            return
        _release(runtime, claim, error)
        return
    with runtime.sessions.begin() as session:
        finish_grading(session, claim, report)


def _release(runtime: Runtime, claim: GradingClaim, error: Exception) -> None:
    """An answer that does not fit the revision never will."""
    unfit = isinstance(error, InvalidAnswer)
    log.log(logging.INFO if unfit else logging.ERROR, "grading %s failed", claim.grading_id, exc_info=error)
    reason = _misfit(error) if isinstance(error, InvalidAnswer) else f"{type(error).__name__}: {error}"
    with runtime.sessions.begin() as session:
        release_grading(session, claim, reason, again=not unfit)


def _misfit(error: InvalidAnswer) -> str:
    said = "; ".join(f"{field}: {' '.join(messages)}" for field, messages in error.errors.items())
    return f"The answer does not fit this revision. {said}"


def _report(claim: GradingClaim, lease: LeaseKeeper) -> GradeReport:
    grader = grader_for(claim.kind)
    if claim.learner_attempt is not None:
        grader.check_answer(claim.spec, claim.answer)
    spec = claim.spec if claim.cpu_seconds is None else tightened(claim.spec, claim.cpu_seconds)
    results: list[CaseResult] = []
    with closing(grader.validate_submission(spec, claim.answer)) as grading:
        for result in grading:
            lease.check()
            if claim.learner_attempt is not None:
                result = grader.with_hint(claim.spec, result, claim.learner_attempt)
            results.append(result)
            if claim.cpu_seconds is not None and result.verdict is not Verdict.ACCEPTED:
                break
    return grader.summarise(claim.spec, results)
