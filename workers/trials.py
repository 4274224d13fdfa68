"""One trial run: claim, run, record. It counts nothing, so nobody repeats it when it fails."""

from __future__ import annotations

import logging
from contextlib import closing

from core.errors import InfrastructureError
from core.grading import GradeReport
from core.outbox import transaction
from core.services.runs import RunClaim, claim_run, fail_run, finish_run
from graders.registry import grader_for
from graders.scoring import summarise
from workers.runtime import Runtime

log = logging.getLogger(__name__)


def try_answer(runtime: Runtime, run_id: int) -> None:
    """Do a queued run; a duplicate delivery finds nothing to claim and stops here."""
    with transaction(runtime.sessions, runtime.ports) as session:
        claim = claim_run(session, run_id)
    if claim is None:
        return
    try:
        report = _report(claim)
    except InfrastructureError as error:
        log.exception("run %s could not be done", run_id)
        with transaction(runtime.sessions, runtime.ports) as session:
            fail_run(session, claim, str(error))
        return
    with transaction(runtime.sessions, runtime.ports) as session:
        finish_run(session, claim, report)


def _report(claim: RunClaim) -> GradeReport:
    with closing(grader_for(claim.kind).try_answer(claim.spec, claim.answer, claim.stdin)) as results:
        return summarise(list(results))
