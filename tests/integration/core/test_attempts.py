"""How often and when learners may answer, and what an attempt costs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import make_engine, now, session_factory
from core.errors import CoolingDown, NotFound
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.services.editorials import get_editorial
from core.services.progress import points_available, resets_at
from core.services.submissions import cancel_submission
from core.words import Resubmission, Role
from tests.factories import rows
from tests.factories.verdicts import graded


@pytest.fixture
def learner(session):
    return rows.user(session)


def progress_of(session, user, challenge):
    return session.get(UserProgress, (user.id, challenge.id), populate_existing=True)


def test_a_second_answer_within_the_cooldown_is_refused_with_the_time_to_wait(session, learner):
    challenge = rows.challenge(session, cooldown_seconds=60)
    rows.submission(session, learner, challenge)
    with pytest.raises(CoolingDown, match="once in 60 seconds") as refused:
        rows.submission(session, learner, challenge)
    assert 58 <= refused.value.retry_after <= 60
    progress = progress_of(session, learner, challenge)
    assert progress.attempts == 1
    assert resets_at(challenge, progress) == progress.submitted_at + timedelta(seconds=60)


def test_the_cooldown_ends(session, learner):
    challenge = rows.challenge(session, cooldown_seconds=60)
    rows.submission(session, learner, challenge)
    progress = progress_of(session, learner, challenge)
    progress.submitted_at = now() - timedelta(seconds=60)
    assert resets_at(challenge, progress) is None
    assert rows.submission(session, learner, challenge).attempt == 2


def test_an_attempt_that_was_given_back_starts_no_cooldown(session, learner):
    challenge = rows.challenge(session, cooldown_seconds=60)
    cancel_submission(session, learner, rows.submission(session, learner, challenge).id)
    assert rows.submission(session, learner, challenge).attempt == 1


def test_an_answer_that_replaces_a_waiting_one_need_not_wait(session, learner):
    challenge = rows.challenge(session, cooldown_seconds=60, on_resubmit=Resubmission.SUPERSEDE)
    rows.submission(session, learner, challenge)
    graded(session, rows.submission(session, learner, challenge), 0)
    with pytest.raises(CoolingDown):
        rows.submission(session, learner, challenge)


def test_of_eight_answers_at_once_in_a_cooldown_one_counts(settings):
    engine = make_engine(settings.database_url)
    factory = session_factory(engine)
    with factory.begin() as session:
        learner, challenge = rows.user(session), rows.challenge(session, cooldown_seconds=60)

    def submit(_):
        with factory() as session:
            try:
                rows.submission(session, learner, challenge)
                session.commit()
            except CoolingDown:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(submit, range(8)))
    with factory() as session:
        stored = session.scalars(select(Submission)).all()
    engine.dispose()
    assert (sum(accepted), len(stored)) == (1, 1)


def test_each_earlier_attempt_takes_its_share_of_the_points(session, learner):
    challenge = rows.challenge(session, attempt_penalty=0.25)
    assert points_available(challenge, None) == 10
    graded(session, rows.submission(session, learner, challenge, rows.WRONG), 0)
    graded(session, rows.submission(session, learner, challenge, rows.WRONG), 0)
    assert points_available(challenge, progress_of(session, learner, challenge)) == 5
    assert graded(session, rows.submission(session, learner, challenge)).points == 5


def test_a_penalty_takes_no_points_that_a_learner_has(session, learner):
    challenge = rows.challenge(session, attempt_penalty=0.5)
    graded(session, rows.submission(session, learner, challenge))
    graded(session, rows.submission(session, learner, challenge))
    assert progress_of(session, learner, challenge).points == 10


def test_the_editorial_is_there_once_the_challenge_is_solved(session, learner):
    challenge = rows.challenge(session, editorial="It is Paris.")
    with pytest.raises(NotFound):
        get_editorial(session, learner, challenge)
    graded(session, rows.submission(session, learner, challenge))
    assert get_editorial(session, learner, challenge) == "It is Paris."


def test_the_editorial_is_there_when_the_last_attempt_is_lost_for_good(session, learner):
    challenge = rows.challenge(session, editorial="It is Paris.", attempts_max=1)
    last = rows.submission(session, learner, challenge, rows.WRONG)
    with pytest.raises(NotFound):  # it may still be cancelled, and the attempt given back
        get_editorial(session, learner, challenge)
    graded(session, last, 0)
    assert get_editorial(session, learner, challenge) == "It is Paris."


def test_there_is_no_editorial_where_the_author_wrote_none(session):
    with pytest.raises(NotFound):
        get_editorial(session, rows.user(session, role=Role.AUTHOR), rows.challenge(session))
