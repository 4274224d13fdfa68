"""The service functions called in any order, late and twice, against a model of what they promise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.db import make_engine
from core.errors import AttemptsExhausted, NotCancellable
from core.services.claims import Claim
from core.services.grading import MAX_GRADING_ATTEMPTS
from core.words import Resubmission
from tests.chaos.service_calls import ServiceCalls

POINTS = 10
ATTEMPTS_MAX = 4
ENDED = ("graded", "failed", "cancelled")
PROFILE = settings(
    max_examples=25,
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Expected:
    """What must be true of one submission. `told` is how many verdicts its learner was told."""

    user: int
    challenge: int
    status: str = "queued"
    tries: int = 0
    expired: bool = False
    delayed: bool = False
    told: int = 0
    score: float = 0.0


@dataclass(frozen=True)
class Choice:
    """What Hypothesis chose for one action; each takes of it what it needs."""

    which: int
    count: int
    yes: bool
    score: float


# A single rule: with one for each action, many examples would have some of them switched off and show nothing.
ACTIONS = {"submit": 2, "claim": 4, "finish": 1, "renew": 1, "fail": 2, "die": 3, "cancel": 1, "requeue": 1}
CHOICES = st.builds(
    Choice, st.integers(0, 12), st.integers(1, 3), st.booleans(), st.sampled_from([0.0, 0.5, 1.0])
)


class Services(RuleBasedStateMachine):
    """Two learners, a challenge with few attempts and one whose answers replace each other."""

    connection: Any

    def __init__(self) -> None:
        super().__init__()
        self.outer = self.connection.begin()
        self.calls = ServiceCalls(self.connection)
        self.users = [self.calls.make_user() for _ in range(2)]
        self.limited = self.calls.make_challenge(attempts_max=ATTEMPTS_MAX)
        self.replacing = self.calls.make_challenge(on_resubmit=Resubmission.SUPERSEDE)
        self.expected: dict[int, Expected] = {}
        self.attempts: Counter[tuple[int, int]] = Counter()
        self.claims: list[Claim] = []  # all that were ever given, the newest first

    def teardown(self) -> None:
        self.outer.rollback()

    @rule(action=st.sampled_from(list(Counter(ACTIONS).elements())), choice=CHOICES)
    def act(self, action, choice):
        getattr(self, action)(choice)

    def submit(self, choice: Choice) -> None:
        """To the challenge whose answers replace each other, or to the one with few attempts."""
        key = (self.users[choice.which % 2], self.replacing if choice.yes else self.limited)
        if not choice.yes and self.attempts[key] >= ATTEMPTS_MAX:
            with pytest.raises(AttemptsExhausted):
                self.calls.submit(*key)
            return
        for one in self.of(key) if choice.yes else ():
            if (one.status, one.tries) == ("queued", 0):
                one.status = "cancelled"
                self.attempts[key] -= 1
        self.expected[self.calls.submit(*key)] = Expected(*key)
        self.attempts[key] += 1

    def claim(self, choice: Choice) -> None:
        """A ticket, or one too many. It may come when what waits after a failure can be taken again."""
        if choice.yes:
            self.calls.pass_time()
            for one in self.expected.values():
                one.delayed = False
        waiting = [i for i, one in self.expected.items() if one.status == "queued" and not one.delayed]
        taken = self.calls.claim(choice.count)
        assert {claim.submission_id for claim in taken} <= set(waiting)
        assert len(taken) >= min(1, len(waiting))
        for claim in taken:
            one = self.expected[claim.submission_id]
            one.status, one.tries, one.expired = "grading", one.tries + 1, False
            assert claim.attempt == one.tries
        self.claims[:0] = taken

    def renew(self, choice: Choice) -> None:
        for claim in self.some_claims(choice):
            held = self.holds(claim)
            assert self.calls.renew(claim) == held
            if held:
                self.expected[claim.submission_id].expired = False

    def finish(self, choice: Choice) -> None:
        """Results of one worker: some in time, some late, some for the second time."""
        one_each = {claim.submission_id: claim for claim in self.some_claims(choice)}.values()
        holding = {claim.submission_id for claim in one_each if self.holds(claim)}
        assert self.calls.finish(one_each, choice.score) == holding
        for submission_id in holding:
            one = self.expected[submission_id]
            one.status, one.score, one.told = "graded", choice.score, one.told + 1

    def fail(self, choice: Choice) -> None:
        for claim in self.some_claims(choice):
            held = self.holds(claim)
            assert self.calls.release(claim) == held
            if held:
                self.take_back(self.expected[claim.submission_id], delayed=True)

    def die(self, choice: Choice) -> None:
        """Nobody renews these leases any more, if they still hold; then the sweeper comes, at once or later."""
        for claim in self.some_claims(choice):
            self.calls.expire(claim.submission_id)
            one = self.expected[claim.submission_id]
            one.expired = one.status == "grading"
        if choice.yes:
            dead = [i for i, one in self.expected.items() if one.status == "grading" and one.expired]
            assert sorted(self.calls.free_expired()) == sorted(dead)
            for submission_id in dead:
                self.take_back(self.expected[submission_id], delayed=False)

    def cancel(self, choice: Choice) -> None:
        if (submission_id := self.a_submission(choice)) is None:
            return
        one = self.expected[submission_id]
        if one.status in ENDED:
            with pytest.raises(NotCancellable):
                self.calls.cancel(one.user, submission_id)
            return
        self.calls.cancel(one.user, submission_id)
        if (one.status, one.tries) == ("queued", 0):
            self.attempts[one.user, one.challenge] -= 1
        one.status = "cancelled"

    def requeue(self, choice: Choice) -> None:
        if (submission_id := self.a_submission(choice)) is None:
            return
        one = self.expected[submission_id]
        assert self.calls.requeue(submission_id) == (one.status == "failed")
        if one.status == "failed":
            one.status = "queued"
            self.attempts[one.user, one.challenge] += 1

    @invariant()
    def submissions_are_what_they_should_be(self):
        found = self.calls.rows(
            "SELECT id, status, grading_attempt FROM submissions WHERE user_id = ANY(:ids) ORDER BY id",
            self.users,
        )
        assert found == [(i, one.status, one.tries) for i, one in sorted(self.expected.items())]

    @invariant()
    def attempts_are_the_submissions_that_count(self):
        found = self.calls.rows(
            "SELECT user_id, challenge_id, attempts FROM user_progress WHERE user_id = ANY(:ids)", self.users
        )
        assert {(user, challenge): n for user, challenge, n in found} == dict(self.attempts)

    @invariant()
    def points_are_the_ledger_and_the_best_score(self):
        found = self.calls.rows(
            """SELECT p.user_id, p.challenge_id, p.points, coalesce(sum(l.points), 0)
               FROM user_progress p LEFT JOIN points_ledger l USING (user_id, challenge_id)
               WHERE p.user_id = ANY(:ids) GROUP BY p.user_id, p.challenge_id""",
            self.users,
        )
        for user, challenge, points, paid in found:
            best = max((one.score for one in self.of((user, challenge))), default=0.0)
            assert (points, paid) == (round(POINTS * best), round(POINTS * best))

    @invariant()
    def event_ids_have_no_hole(self):
        found = self.calls.rows(
            """SELECT u.last_event_id, count(e.id), coalesce(max(e.id), 0) FROM users u LEFT JOIN events e
               ON e.user_id = u.id WHERE u.id = ANY(:ids) GROUP BY u.id""",
            self.users,
        )
        assert all(newest == count == highest for newest, count, highest in found)

    @invariant()
    def every_verdict_is_told_once(self):
        found = self.calls.rows(
            """SELECT (data->>'submission_id')::bigint, count(*) FROM events
               WHERE user_id = ANY(:ids) AND type = 'submission.graded' GROUP BY 1""",
            self.users,
        )
        assert dict(found) == {i: one.told for i, one in self.expected.items() if one.told}

    def some_claims(self, choice: Choice) -> list[Claim]:
        first = choice.which % max(len(self.claims), 1)
        return self.claims[first : first + choice.count]

    def a_submission(self, choice: Choice) -> int | None:
        """A failed one if it may be."""
        known = [i for i, one in self.expected.items() if one.status == "failed" or not choice.yes]
        return known[choice.which % len(known)] if known else None

    def of(self, key: tuple[int, int]) -> list[Expected]:
        return [one for one in self.expected.values() if (one.user, one.challenge) == key]

    def holds(self, claim: Claim) -> bool:
        one = self.expected[claim.submission_id]
        return (one.status, one.tries) == ("grading", claim.attempt)

    def take_back(self, one: Expected, delayed: bool) -> None:
        """We failed: another try, or the end with the attempt given back."""
        if one.tries % MAX_GRADING_ATTEMPTS:
            one.status, one.delayed = "queued", delayed
            return
        one.status, one.told = "failed", one.told + 1
        self.attempts[one.user, one.challenge] -= 1


@pytest.mark.timeout(400)  # it takes seconds, but to find the shortest example of a failure may take minutes
def test_whatever_is_called_in_whatever_order_each_submission_gets_one_verdict(request):
    engine = make_engine(request.getfixturevalue("settings").database_url)
    with engine.connect() as connection:
        machine = type("Services", (Services,), {"connection": connection})
        run_state_machine_as_test(machine, settings=PROFILE)
    engine.dispose()
