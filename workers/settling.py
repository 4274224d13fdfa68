"""What a finished batch means: the sweeper asks here for each, in a transaction that holds the batch's lock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from core.events import CheckFinished
from core.models.batch import Batch
from core.outbox import transaction
from core.services.batches import end_batch, finished_batch
from core.services.events import record
from core.services.publication import CHECKS
from core.services.rejudging import settle_rejudge
from core.words import BatchStatus, Purpose
from workers.checks import settle_publish, settle_verify
from workers.runtime import Runtime

AT_ONCE = 20

log = logging.getLogger(__name__)

# Each ends the batch, or queues further gradings for it.
SETTLE: Mapping[Purpose, Callable[[Session, Batch], None]] = {
    Purpose.PUBLISH: settle_publish,
    Purpose.VERIFY: settle_verify,
    Purpose.REJUDGE: settle_rejudge,
}


def settle_batches(runtime: Runtime) -> None:
    """Settle those whose answers are all graded. One that cannot be settled ends as failed, and the others go on."""
    for _ in range(AT_ONCE):
        if not _settle_next(runtime):
            return


def _settle_next(runtime: Runtime) -> bool:
    with transaction(runtime.sessions, runtime.ports) as session:
        batch = finished_batch(session)
        if batch is None:
            return False
        try:
            with session.begin_nested():
                SETTLE[batch.purpose](session, batch)
        except Exception as error:
            log.exception("batch %s could not be settled", batch.id)
            end_batch(batch, BatchStatus.FAILED, {"failure": f"{type(error).__name__}: {error}"[:2000]})
        _tell(session, batch)
        log.info("batch %s (%s) is %s", batch.id, batch.purpose.value, batch.status.value)
    return True


def _tell(session: Session, batch: Batch) -> None:
    """Whoever asked for a check hears that it has ended."""
    if batch.status is BatchStatus.RUNNING or batch.purpose not in CHECKS or batch.requested_by is None:
        return
    event = CheckFinished(batch.id, batch.challenge_id, batch.purpose.value, batch.status.value)
    record(session, batch.requested_by, event)
