"""What must be true of points whatever was graded, rejudged and edited, in whatever order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.models.challenge import Challenge, Revision
from core.models.progress import LedgerEntry, PointsTotal, UserProgress
from core.models.submission import Submission
from core.services.progress import worth
from core.words import ProgressStatus, Rejudging, SubmissionStatus, Window


@dataclass
class Account:
    """One learner's with one challenge: what each place says. `expected` and `solved` follow from the answers."""

    policy: Rejudging
    points: int
    completed: bool
    ledger: int = 0
    added: int = 0
    worths: list[int] = field(default_factory=list)
    solved: bool = False

    def wrongs(self) -> list[str]:
        """What does not agree."""
        expected = max(self.worths, default=0)
        found = []
        if self.ledger != self.points:
            found.append(f"the ledger has {self.ledger}, progress {self.points}")
        if self.added != self.points:
            found.append(f"the submissions added {self.added}, progress has {self.points}")
        if self.points < expected or self.completed < self.solved:
            found.append(f"{self.points} points (completed: {self.completed}) of {expected}")
        if self.policy is Rejudging.ADJUST and (self.points, self.completed) != (expected, self.solved):
            found.append(f"{self.points} points (completed: {self.completed}) instead of {expected}")
        return found


def wrongs(session: Session) -> list[str]:
    """Every disagreement between submissions, progress, ledger and totals."""
    accounts = _accounts(session)
    found = [f"{key}: {wrong}" for key, one in accounts.items() for wrong in one.wrongs()]
    sums: dict[int, int] = defaultdict(int)
    for (user_id, _), one in accounts.items():
        sums[user_id] += one.ledger
    totals = select(PointsTotal.user_id, PointsTotal.points)
    totals = totals.where(PointsTotal.window == Window.ALL, PointsTotal.category_id == 0)
    known = dict(session.execute(totals).all())
    return found + [
        f"user {user_id}: the total is {known.get(user_id, 0)}, the ledger has {points}"
        for user_id, points in sums.items()
        if known.get(user_id, 0) != points
    ]


def _accounts(session: Session) -> dict[tuple[int, int], Account]:
    rows = select(UserProgress, Challenge.on_rejudge).join(Challenge)
    accounts = {
        (row.user_id, row.challenge_id): Account(policy, row.points, row.status is ProgressStatus.COMPLETED)
        for row, policy in session.execute(rows, execution_options={"populate_existing": True})
    }
    ledger = select(LedgerEntry.user_id, LedgerEntry.challenge_id, func.sum(LedgerEntry.points))
    for *key, points in session.execute(ledger.group_by(LedgerEntry.user_id, LedgerEntry.challenge_id)):
        accounts[tuple(key)].ledger = points
    bound = (Revision.challenge_id == Submission.challenge_id) & (Revision.number == Submission.revision)
    graded = select(Submission, Revision).join(Revision, bound)
    graded = graded.where(Submission.status == SubmissionStatus.GRADED)
    for row, revision in session.execute(graded, execution_options={"populate_existing": True}):
        one = accounts[row.user_id, row.challenge_id]
        one.worths.append(worth(row, revision, row.score))
        one.added += row.points
        one.solved = one.solved or row.score >= 1
    return accounts
