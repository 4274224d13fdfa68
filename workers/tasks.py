"""The tasks that the queue can name."""

from __future__ import annotations

from typing import Any

from core.queue import GRADE, TRY, celery_app
from workers.pipeline import grade
from workers.runtime import runtime
from workers.trials import try_answer


@celery_app.task(name=GRADE, bind=True)
def grade_submission(self: Any, submission_id: int) -> None:
    """Grade one queued submission."""
    grade(runtime(), submission_id, self.request.hostname)


@celery_app.task(name=TRY)
def do_trial_run(run_id: int) -> None:
    """Do one queued trial run."""
    try_answer(runtime(), run_id)
