"""What the sweeper throws away."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.db import now
from core.models.event import IdempotencyRecord
from core.models.user import AuthSession, TelegramLinkCode
from core.services.runs import discard_old_runs
from core.services.totals import discard_ended
from core.services.workers import forget_silent_workers

IDEMPOTENCY_KEPT = timedelta(hours=24)


def discard_expired(session: Session) -> None:
    """Drop answered idempotency keys after 24 hours, ended log-ins, unused link codes, silent workers, old runs
    and the totals of windows that are over."""
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < now() - IDEMPOTENCY_KEPT))
    session.execute(delete(AuthSession).where(AuthSession.expires_at < now()))
    session.execute(delete(TelegramLinkCode).where(TelegramLinkCode.expires_at < now()))
    forget_silent_workers(session)
    discard_old_runs(session)
    discard_ended(session)
