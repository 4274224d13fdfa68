"""What went wrong with the work itself: leases that nobody took back, failed submissions, messages given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from api.doctor.finding import Finding, Patient, broken, doubtful, good
from core.models.event import Delivery
from core.models.submission import Submission
from core.words import SubmissionStatus

LATELY = timedelta(days=1)
# A live sweeper takes an expired lease back within a second or two.
OVERDUE = timedelta(seconds=15)


def check_sweeper(patient: Patient) -> Iterator[Finding]:
    """Whether one lives shows in what it leaves undone. Raises SQLAlchemyError."""
    overdue = patient.session.scalar(
        select(func.count())
        .where(Submission.status == SubmissionStatus.GRADING)
        .where(Submission.lease_expires_at < func.clock_timestamp() - OVERDUE)
    )
    if overdue:
        detail = f"{overdue} submissions of dead workers wait to be taken back."
        yield broken("sweeper", detail, "Start a sweeper: `python -m workers.sweeper`.")
    else:
        yield good("sweeper", "No submission of a dead worker waits for it.")


def check_failures(patient: Patient) -> Iterator[Finding]:
    """Submissions that we failed to grade. Raises SQLAlchemyError."""
    failed = patient.session.execute(
        select(func.count(), func.max(Submission.id))
        .where(Submission.status == SubmissionStatus.FAILED)
        .where(Submission.graded_at > func.clock_timestamp() - LATELY)
    ).one()
    if failed[0]:
        detail = f"{failed[0]} failed in the last 24 hours, the last one is {failed[1]}."
        mend = (
            f'Look for "submission_id": {failed[1]} in the workers\' logs; then `flask requeue` tries again.'
        )
        yield doubtful("submissions", detail, mend)
    else:
        yield good("submissions", "None failed in the last 24 hours.")


def check_telegram(patient: Patient) -> Iterator[Finding]:
    """The bot's settings."""
    if patient.settings.telegram_bot_token is None:
        yield good("telegram", "Off: TELEGRAM_BOT_TOKEN is not set.")
    elif patient.settings.telegram_bot_username is None:
        mend = "Set TELEGRAM_BOT_USERNAME to the bot's name."
        yield doubtful("telegram", "A token is set, but learners cannot link their chats.", mend)
    else:
        yield good("telegram", f"A token is set, for @{patient.settings.telegram_bot_username}.")


def check_deliveries(patient: Patient) -> Iterator[Finding]:
    """Messages that never arrived. Raises SQLAlchemyError."""
    dead = patient.session.scalar(
        select(func.count()).where(Delivery.dead_at > func.clock_timestamp() - LATELY)
    )
    if dead:
        mend = "The column error of the table deliveries says why; people who block the bot cause some."
        yield doubtful("deliveries", f"{dead} were given up in the last 24 hours.", mend)
    else:
        yield good("deliveries", "None was given up in the last 24 hours.")
