"""The tasks that the queue can name."""

from __future__ import annotations

from typing import Any

from core.grading import Lane
from core.queue import GRADE, TRY, celery_app
from core.tallies import REDELIVERED, TALLIES
from workers.pipeline import work
from workers.runtime import runtime
from workers.trials import try_answer


@celery_app.task(name=GRADE, bind=True)
def grade(self: Any, lane: str) -> None:
    """Grade what comes next in a lane."""
    if self.request.delivery_info.get("redelivered"):
        TALLIES.count(REDELIVERED)
    work(runtime(), Lane.parse(lane), self.request.hostname)


@celery_app.task(name=TRY)
def do_trial_run(run_id: int) -> None:
    """Do one queued trial run."""
    try_answer(runtime(), run_id)
