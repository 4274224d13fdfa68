"""The service functions of a submission's life, each in a transaction of its own, in the words of the state machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from core.grading import CaseResult, GradeReport, Lane, Queue, Verdict
from core.models.challenge import Challenge
from core.models.user import User
from core.services.claims import Claim, claim_submissions, renew_leases
from core.services.grading import finish_gradings, free_one_expired, release_submission, retry_failed
from core.services.submissions import cancel_submission
from tests.factories import rows

LANE = Lane(Queue.KNOWLEDGE)
VERDICTS = {0.0: Verdict.WRONG_ANSWER, 0.5: Verdict.PARTIALLY_ACCEPTED, 1.0: Verdict.ACCEPTED}


class ServiceCalls:
    """Calls on one connection, inside a transaction that the caller rolls back: every commit is a savepoint."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make_user(self) -> int:
        with self._session() as session:
            return int(rows.user(session).id)

    def make_challenge(self, **fields: Any) -> int:
        with self._session() as session:
            return int(rows.challenge(session, **fields).id)

    def submit(self, user_id: int, challenge_id: int) -> int:
        """The id of a new submission. Raises AttemptsExhausted."""
        with self._session() as session:
            user, challenge = session.get_one(User, user_id), session.get_one(Challenge, challenge_id)
            return int(rows.submission(session, user, challenge).id)

    def claim(self, limit: int) -> list[Claim]:
        with self._session() as session:
            return claim_submissions(session, LANE, "w", limit)

    def renew(self, claim: Claim) -> bool:
        with self._session() as session:
            return claim.submission_id in renew_leases(session, [claim])

    def finish(self, claims: Iterable[Claim], score: float) -> set[int]:
        """The ids of the submissions whose verdict counts."""
        with self._session() as session:
            return finish_gradings(session, [(claim, _report(score)) for claim in claims])

    def release(self, claim: Claim) -> bool:
        """We failed; False for a claim that does not hold."""
        with self._session() as session:
            return release_submission(session, claim, "the disk is full") is not None

    def free_expired(self) -> list[int]:
        """The ids that the sweeper takes back."""
        freed = []
        while True:
            with self._session() as session:
                one = free_one_expired(session)
            if one is None:
                return freed
            freed.append(one.submission_id)

    def cancel(self, user_id: int, submission_id: int) -> None:
        """Raises NotCancellable."""
        with self._session() as session:
            cancel_submission(session, session.get_one(User, user_id), submission_id)

    def requeue(self, submission_id: int) -> bool:
        """What `flask requeue` does; False when it has not failed."""
        with self._session() as session:
            return retry_failed(session, submission_id)

    def expire(self, submission_id: int) -> None:
        """Its lease ended a second ago."""
        late = "UPDATE submissions SET lease_expires_at = now() - interval '1 s' WHERE id = :id"
        self._connection.execute(text(f"{late} AND status = 'grading'"), {"id": submission_id})

    def pass_time(self) -> None:
        """What waits after a failure may be taken again."""
        self._connection.execute(text("UPDATE submissions SET not_before = now() WHERE status = 'queued'"))

    def rows(self, query: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """What a query about these users (`:ids`) returns."""
        return [tuple(row) for row in self._connection.execute(text(query), {"ids": list(ids)})]

    def _session(self) -> Any:
        return _Committed(self._connection)


class _Committed:
    """A session that is committed when the block ends well, and rolled back when it does not."""

    def __init__(self, connection: Connection) -> None:
        self._session = Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)

    def __enter__(self) -> Session:
        return self._session

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._session.commit()
        self._session.close()


def _report(score: float) -> GradeReport:
    return GradeReport(VERDICTS[score], score, (CaseResult("answer", VERDICTS[score], score),))
