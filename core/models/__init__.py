"""Gathers every model, for Alembic and for whoever needs the whole metadata."""

from core.models.audit import AuditEntry
from core.models.challenge import Category, Challenge
from core.models.event import Delivery, Event, IdempotencyRecord, Worker
from core.models.progress import Achievement, LedgerEntry, UserProgress
from core.models.run import Run
from core.models.submission import Submission
from core.models.tally import Tally
from core.models.user import AuthSession, TelegramAccount, TelegramLinkCode, User

__all__ = [
    "Achievement",
    "AuditEntry",
    "AuthSession",
    "Category",
    "Challenge",
    "Delivery",
    "Event",
    "IdempotencyRecord",
    "LedgerEntry",
    "Run",
    "Submission",
    "Tally",
    "TelegramAccount",
    "TelegramLinkCode",
    "User",
    "UserProgress",
    "Worker",
]
