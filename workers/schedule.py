"""Publishing drafts when the time has come that their authors set."""

from __future__ import annotations

import logging

from core.outbox import transaction
from core.services.publication import due_draft, publish_by_date
from graders.registry import grader_for
from workers.runtime import Runtime

AT_ONCE = 20

log = logging.getLogger(__name__)


def publish_due(runtime: Runtime) -> None:
    """Publish what is due, through the gate. Each is tried once: a refusal stays to be read at its check."""
    for _ in range(AT_ONCE):
        if not _publish_next(runtime):
            return


def _publish_next(runtime: Runtime) -> bool:
    with transaction(runtime.sessions, runtime.ports) as session:
        challenge = due_draft(session)
        if challenge is None:
            return False
        log.info("the time of challenge %s has come", challenge.id)
        try:
            with session.begin_nested():
                publish_by_date(session, challenge, grader_for(challenge.kind))
        except Exception:  # a kind whose plugin is gone: the others shall not wait for it
            log.exception("challenge %s could not be published by its date", challenge.id)
            challenge.publish_at = None
    return True
