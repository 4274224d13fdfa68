"""The figures of the queues, read from real rows."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from core.grading import Lane, Queue
from core.models.event import Worker
from core.models.run import Run
from core.services.batches import NewGrading, add_gradings, claim_gradings, open_batch
from core.services.queues import RecentFigures, queue_figures
from core.words import Purpose, SubmissionStatus
from tests.factories import rows


@pytest.fixture
def question(session):
    return rows.challenge(session)


def test_what_waits_and_what_is_graded_is_counted_by_lane(session, question):
    user = rows.user(session)
    for status, language in (("queued", "python"), ("queued", "c"), ("grading", "c"), ("cancelled", "c")):
        made = rows.submission(session, user, question)
        made.queue, made.language, made.status = "code", language, SubmissionStatus(status)
    session.add(
        Run(
            user_id=user.id, challenge_id=question.id, answer={"language": "c", "source": ""}, status="queued"
        )
    )
    session.add(Worker(name="w", queues=["code"], languages={"c": "12"}, processes=3))
    session.flush()
    now = queue_figures(session)
    assert (now.figures("code").depth, now.figures("code").grading) == (2, 1)
    assert (now.figures("code.c").depth, now.figures("code.c").processes) == (1, 3)
    assert now.figures("code.c").oldest_seconds > 0
    assert now.figures("runs").depth == now.figures("runs.c").depth == 1
    assert now.figures("knowledge").depth == 0


def test_answers_of_checks_wait_among_the_rejudges(session, question):
    batch = open_batch(session, Purpose.VERIFY, (question.id, question.revision), None, {})
    add_gradings(session, batch, [NewGrading("accepted.py", {}, "python")] * 2)
    claim_gradings(session, Lane(Queue.REJUDGES, "python"))
    now = queue_figures(session).figures("rejudges")
    assert (now.depth, now.grading) == (1, 1)


def test_the_age_is_that_of_the_oldest(session, question):
    user = rows.user(session)
    for seconds in (50, 500, 5):
        made = rows.submission(session, user, question)
        session.execute(
            text("UPDATE submissions SET queued_at = now() - make_interval(secs => :s) WHERE id = :id"),
            {"s": seconds, "id": made.id},
        )
    assert queue_figures(session).figures("knowledge").oldest_seconds == pytest.approx(500, abs=20)


def test_ended_submissions_are_never_looked_at(session, monkeypatch):
    """Each statement about submissions finds its rows through an index of unfinished ones."""
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plans = []
    execute = session.execute

    def explained(statement, *args, **kwargs):
        if "FROM submissions" in str(statement):
            sql = str(statement.compile(session.connection(), compile_kwargs={"literal_binds": True}))
            plans.append("\n".join(execute(text(f"EXPLAIN {sql}")).scalars()))
        return execute(statement, *args, **kwargs)

    monkeypatch.setattr(session, "execute", explained)
    queue_figures(session)
    assert len(plans) == 2
    assert all("ix_submissions_" in plan and "Seq Scan" not in plan for plan in plans), plans


def test_recent_figures_are_asked_for_once_a_second(session, question):
    user = rows.user(session)
    recent, fresh = RecentFigures(max_age=60), RecentFigures(max_age=0)
    for figures in (recent, fresh):
        assert figures.get(session).figures("knowledge").depth == 0
    rows.submission(session, user, question)
    assert recent.get(session).figures("knowledge").depth == 0
    assert fresh.get(session).figures("knowledge").depth == 1
