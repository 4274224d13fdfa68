"""The words that rows, events and clients share. See docs/architecture.md, "Words"."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    LEARNER = "learner"
    AUTHOR = "author"
    ADMIN = "admin"


class Difficulty(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class ChallengeState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class SubmissionStatus(StrEnum):
    """Our work on a submission; what its program did is the verdict."""

    QUEUED = "queued"
    GRADING = "grading"
    GRADED = "graded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    AWAITING_REVIEW = "awaiting_review"


FINAL = frozenset(
    {
        SubmissionStatus.GRADED,
        SubmissionStatus.FAILED,
        SubmissionStatus.CANCELLED,
        SubmissionStatus.AWAITING_REVIEW,
    }
)


class Resubmission(StrEnum):
    """What a new answer does to the learner's earlier ones that still wait: nothing, or it takes their place."""

    KEEP = "keep"
    SUPERSEDE = "supersede"


class Claimed(StrEnum):
    """Whose a submission that awaits review is, to the reviewer who asks."""

    MINE = "mine"
    FREE = "free"
    OTHERS = "others"


class Rejudging(StrEnum):
    """What a rejudge does to points that turn out too many: learners keep them, or they are adjusted."""

    KEEP = "keep"
    ADJUST = "adjust"


class Purpose(StrEnum):
    """Why a batch of answers is graded in the background."""

    PUBLISH = "publish"
    VERIFY = "verify"
    REJUDGE = "rejudge"


class BatchStatus(StrEnum):
    """A check passes or is refused; a rejudge gets ready and is then applied or discarded."""

    RUNNING = "running"
    PASSED = "passed"
    REFUSED = "refused"
    READY = "ready"
    APPLIED = "applied"
    DISCARDED = "discarded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class GradingStatus(StrEnum):
    """Our work on one answer of a batch."""

    QUEUED = "queued"
    GRADING = "grading"
    GRADED = "graded"
    FAILED = "failed"


class ProgressStatus(StrEnum):
    STARTED = "started"
    SUBMITTED = "submitted"
    COMPLETED = "completed"


class Window(StrEnum):
    """Since when points count on a leaderboard: ever, today, this week (from Monday) or this month, all in UTC."""

    ALL = "all"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Source(StrEnum):
    """Where a submission came from."""

    WEB = "web"
    TELEGRAM = "telegram"


class Channel(StrEnum):
    """Where a delivery goes to."""

    TELEGRAM = "telegram"
