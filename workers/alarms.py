"""What an operator must hear of."""

from __future__ import annotations

import logging

from core.grading import Verdict
from core.services.grading import Freed
from core.tallies import ENDED, POISONED, TALLIES
from core.words import SubmissionStatus

log = logging.getLogger(__name__)


def give_up(freed: Freed) -> None:
    """Raise the alarm about a submission that ended as failed: it may be a poison, or this host is ill."""
    TALLIES.count(POISONED)
    TALLIES.count(ENDED, status=SubmissionStatus.FAILED.value, verdict=Verdict.INTERNAL_ERROR.value)
    log.error("submission %s ended as failed; mend the cause, then `flask requeue`", freed.submission_id)
