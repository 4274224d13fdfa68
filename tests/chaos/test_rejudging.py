"""Answers, edits and rejudges in any order: points, ledger and totals always agree, and previews come true."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import make_engine
from core.errors import Conflict, NothingToRejudge
from core.models.batch import Batch
from core.models.progress import UserProgress
from core.services.challenges import update_challenge
from core.services.recounting import preview
from core.services.rejudges import Scope, discard_rejudge
from core.services.rejudging import apply_rejudge
from core.words import BatchStatus, ProgressStatus, Rejudging
from tests.factories import rejudged, rows
from tests.support.accounts_of_points import wrongs

SCORES = (0.0, 0.5, 1.0)
OPEN = (BatchStatus.RUNNING, BatchStatus.READY)
PROFILE = settings(
    max_examples=10,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Choice:
    """What Hypothesis chose for one action; each takes of it what it needs."""

    which: int
    user: int
    yes: bool
    score: float


ACTIONS = {"answer": 4, "edit": 2, "ask": 3, "grade": 3, "apply": 3, "discard": 1}
CHOICES = st.builds(Choice, st.integers(0, 12), st.integers(0, 1), st.booleans(), st.sampled_from(SCORES))


class Rejudges(RuleBasedStateMachine):
    """Two learners, a challenge of which they keep points and one where these are adjusted."""

    connection: Any

    def __init__(self) -> None:
        super().__init__()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        self.users = [rows.user(self.session) for _ in range(2)]
        self.challenges = [rows.challenge(self.session, on_rejudge=policy) for policy in Rejudging]
        self.session.commit()
        self.kept: dict[tuple[int, int], tuple[bool, int]] = {}

    def teardown(self) -> None:
        self.session.close()
        self.outer.rollback()

    @rule(action=st.sampled_from(list(Counter(ACTIONS).elements())), choice=CHOICES)
    def act(self, action, choice):
        getattr(self, action)(choice)
        self.session.commit()

    def answer(self, choice: Choice) -> None:
        rejudged.graded(self.session, self.users[choice.user], self.challenge(choice), choice.score)

    def edit(self, choice: Choice) -> None:
        changes = {"points": 5 * choice.which, "attempt_penalty": 0.25 * choice.user}
        update_challenge(self.session, self.challenge(choice), changes)

    def ask(self, choice: Choice) -> None:
        """For all of a challenge or for one learner, against the live revision or an old one."""
        challenge = self.challenge(choice)
        scope = Scope(username=self.users[choice.user].username if choice.which % 3 == 0 else None)
        target = 1 + choice.which % challenge.revision if choice.which % 2 else None
        try:
            rejudged.opened(self.session, challenge, scope, target)
        except NothingToRejudge:
            self.session.rollback()

    def grade(self, choice: Choice) -> None:
        """All that waits; each gets its own score, and another one the next time."""
        rejudged.grade_all(self.session, lambda n: SCORES[(n + choice.which) % len(SCORES)])
        rejudged.settle_all(self.session)

    def apply(self, choice: Choice) -> None:
        if (batch := self.batch(choice)) is None:
            return
        if batch.status is not BatchStatus.READY:
            with pytest.raises(Conflict):
                apply_rejudge(self.session, batch.id)
            return
        promised = preview(self.session, batch)
        assert apply_rejudge(self.session, batch.id).report == promised

    def discard(self, choice: Choice) -> None:
        if (batch := self.batch(choice)) is None:
            return
        if batch.status in OPEN:
            discard_rejudge(self.session, batch.id)
        else:
            with pytest.raises(Conflict):
                discard_rejudge(self.session, batch.id)

    @invariant()
    def points_agree_everywhere(self):
        assert wrongs(self.session) == []

    @invariant()
    def what_learners_may_keep_never_goes_down(self):
        found = select(UserProgress).where(UserProgress.challenge_id == self.challenges[0].id)
        for row in self.session.scalars(found):
            now = (row.status is ProgressStatus.COMPLETED, row.points)
            before = self.kept.setdefault((row.user_id, row.challenge_id), now)
            assert now[0] >= before[0]
            assert now[1] >= before[1]
            self.kept[row.user_id, row.challenge_id] = now

    def challenge(self, choice: Choice) -> Any:
        return self.challenges[choice.yes]

    def batch(self, choice: Choice) -> Batch | None:
        """One that is not over if it may be."""
        query = select(Batch).order_by(Batch.id)
        known = [one for one in self.session.scalars(query) if one.status in OPEN or choice.which == 0]
        return known[choice.which % len(known)] if known else None


@pytest.mark.timeout(400)  # it takes seconds, but to find the shortest example of a failure may take minutes
def test_whatever_is_rejudged_in_whatever_order_points_agree(request):
    engine = make_engine(request.getfixturevalue("settings").database_url, connect_args={})
    with engine.connect() as connection:
        machine = type("Rejudges", (Rejudges,), {"connection": connection})
        run_state_machine_as_test(machine, settings=PROFILE)
    engine.dispose()
