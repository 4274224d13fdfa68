"""The tasks that the queue can name."""

from __future__ import annotations

from typing import Any

from core.queue import GRADE, celery_app
from workers.pipeline import grade
from workers.runtime import runtime


@celery_app.task(name=GRADE, bind=True)
def grade_submission(self: Any, submission_id: int) -> None:
    """Grade one queued submission."""
    grade(runtime(), submission_id, self.request.hostname)
