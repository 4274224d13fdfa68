"""Gathers every model, for Alembic and for whoever needs the whole metadata."""

from core.models.audit import AuditEntry
from core.models.batch import Batch, Grading
from core.models.challenge import Category, Challenge, Revision
from core.models.event import Delivery, Event, IdempotencyRecord, Worker
from core.models.hint import HintPurchase
from core.models.progress import Achievement, LedgerEntry, PointsTotal, UserProgress
from core.models.run import Run
from core.models.submission import Submission
from core.models.tally import Tally
from core.models.track import Track, TrackItem
from core.models.user import AuthSession, TelegramAccount, TelegramLinkCode, User

__all__ = [
    "Achievement",
    "AuditEntry",
    "AuthSession",
    "Batch",
    "Category",
    "Challenge",
    "Delivery",
    "Event",
    "Grading",
    "HintPurchase",
    "IdempotencyRecord",
    "LedgerEntry",
    "PointsTotal",
    "Revision",
    "Run",
    "Submission",
    "Tally",
    "TelegramAccount",
    "TelegramLinkCode",
    "Track",
    "TrackItem",
    "User",
    "UserProgress",
    "Worker",
]
