"""Learners hand in, workers grade, an author edits and others rejudge, all at once: no points are lost or doubled."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import select

from core.db import make_engine, session_factory
from core.errors import Conflict, NothingToRejudge
from core.grading import Lane, Queue
from core.models.batch import Batch
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.models.user import User
from core.services.challenges import update_challenge
from core.services.claims import claim_submissions
from core.services.grading import finish_gradings
from core.services.rejudges import Scope, discard_rejudge
from core.services.rejudging import apply_rejudge
from core.words import BatchStatus, Rejudging, SubmissionStatus
from tests.factories import rejudged, rows
from tests.support.accounts_of_points import wrongs

LEARNERS, ANSWERS, EDITS, REJUDGES = 3, 14, 10, 6
LANE = Lane(Queue.KNOWLEDGE)
SCORES = (0.0, 0.5, 1.0)


class Rush:
    """A database with learners and two challenges, and those who work on them, each a function for a thread."""

    def __init__(self, sessions):
        self.sessions = sessions
        self.done = threading.Event()
        self.did = Counter()
        with sessions.begin() as session:
            self.learners = [rows.user(session).id for _ in range(LEARNERS)]
            shelf = rows.category(session).id
            self.challenges = [
                rows.challenge(session, on_rejudge=policy, category_id=shelf).id for policy in Rejudging
            ]

    def begin(self):
        """Something to rejudge from the first moment."""
        with self.sessions.begin() as session:
            for challenge_id in self.challenges:
                for learner_id in self.learners:
                    learner = session.get_one(User, learner_id)
                    rejudged.graded(session, learner, session.get_one(Challenge, challenge_id), 1.0)

    def learn(self, seed):
        """Hand in, each learner to both challenges."""
        random = Random(seed)
        for _ in range(ANSWERS):
            with self.sessions.begin() as session:
                learner = session.get_one(User, random.choice(self.learners))
                rows.submission(session, learner, session.get_one(Challenge, random.choice(self.challenges)))

    def work(self, seed):
        """Grade what learners wait for, until the others are done and nothing is left."""
        random = Random(seed)
        while not (self.done.is_set() and not self._graded(random)):
            self._graded(random)

    def edit(self, seed):
        random = Random(seed)
        for _ in range(EDITS):
            with self.sessions.begin() as session:
                challenge = session.get_one(Challenge, random.choice(self.challenges), with_for_update=True)
                update_challenge(session, challenge, {"points": random.choice((5, 10, 20))})

    def rejudge(self, seed):
        """Ask, grade, settle; then apply twice at once, or discard."""
        random = Random(seed)
        for _ in range(REJUDGES):
            if (batch_id := self._asked(random)) is None:
                continue
            with self.sessions.begin() as session:
                rejudged.grade_all(session, lambda _: random.choice(SCORES))
            with self.sessions.begin() as session:
                rejudged.settle_all(session)
            self._ended(batch_id, discard=random.random() < 0.2)

    def _graded(self, random):
        with self.sessions.begin() as session:
            claims = claim_submissions(session, LANE, "w", 3)
        with self.sessions.begin() as session:
            finish_gradings(session, [(claim, rejudged.report(random.choice(SCORES))) for claim in claims])
        return len(claims)

    def _asked(self, random):
        with self.sessions() as session:
            challenge = session.get_one(Challenge, random.choice(self.challenges))
            learner = session.get_one(User, random.choice(self.learners))
            scope = random.choice((Scope(), Scope(username=learner.username)))
            try:
                batch = rejudged.opened(session, challenge, scope, random.choice((None, 1)))
            except NothingToRejudge:
                return None
            session.commit()
            return batch.id

    def _ended(self, batch_id, discard):
        try:
            with self.sessions.begin() as session:
                (discard_rejudge if discard else apply_rejudge)(session, batch_id)
            self.did["discarded" if discard else "applied"] += 1
        except Conflict:
            self.did["conflict"] += 1  # another thread grades some of its answers: it stays for the end


@pytest.fixture
def rush(settings):
    engine = make_engine(settings.database_url, pool_size=12)
    yield Rush(session_factory(engine))
    engine.dispose()


def test_no_points_are_lost_or_doubled_while_all_happens_at_once(rush):
    rush.begin()
    with ThreadPoolExecutor(9) as pool:
        workers = [pool.submit(rush.work, seed) for seed in range(2)]
        others = [pool.submit(rush.learn, seed) for seed in range(3)]
        others += [pool.submit(rush.rejudge, seed) for seed in range(3)]
        others.append(pool.submit(rush.edit, 1))
        try:
            for one in others:
                one.result(60)
        finally:
            rush.done.set()
        for one in workers:
            one.result(60)
    with rush.sessions() as session:
        assert wrongs(session) == []
        states = Counter(session.scalars(select(Submission.status)))
        batches = Counter(session.scalars(select(Batch.status)))
    assert states == {SubmissionStatus.GRADED: 3 * ANSWERS + 2 * LEARNERS}
    assert batches[BatchStatus.APPLIED] == rush.did["applied"] > 0
    assert batches[BatchStatus.FAILED] == 0


def test_of_many_who_apply_a_rejudge_one_does(rush):
    with rush.sessions.begin() as session:
        learner = session.get_one(User, rush.learners[0])
        challenge = session.get_one(Challenge, rush.challenges[1])
        batch = rejudged.ready(
            session, challenge, {rejudged.graded(session, learner, challenge, 0.0).id: 1.0}
        )
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: rush._ended(batch.id, discard=False), range(6)))
    with rush.sessions() as session:
        assert wrongs(session) == []
    assert rush.did == {"applied": 1, "conflict": 5}
