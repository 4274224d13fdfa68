"""Asking for a rejudge, its preview, applying and discarding it, on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import now
from core.errors import Conflict, NotFound, NothingToRejudge, NotRejudgeable, ValidationFailed
from core.grading import Lane, Queue, Verdict
from core.models.audit import AuditEntry
from core.models.batch import Grading
from core.models.event import Event
from core.models.progress import Achievement, LedgerEntry, PointsTotal, UserProgress
from core.outbox import outbox
from core.queue import ticket
from core.services import rejudges, rejudging
from core.services.batches import (
    NewGrading,
    add_gradings,
    claim_gradings,
    finish_grading,
    open_batch,
    release_grading,
    renew_gradings,
)
from core.services.challenges import update_challenge
from core.services.leaderboard import standings
from core.services.rejudge_changes import Effect, changes_of, list_changes
from core.services.rejudges import Scope, discard_rejudge
from core.services.rejudging import apply_rejudge
from core.words import BatchStatus, ProgressStatus, Purpose, Rejudging
from graders.knowledge.essay import EssayGrader
from tests.factories import rejudged, rows
from tests.factories.rejudged import graded, opened, ready


@pytest.fixture
def learner(session):
    return rows.user(session)


@pytest.fixture
def challenge(session):
    """Learners lose what they should not have got."""
    return rows.challenge(session, on_rejudge=Rejudging.ADJUST)


def progress_of(session, user, challenge):
    return session.get_one(UserProgress, (user.id, challenge.id), populate_existing=True)


def ledger(session, user):
    query = select(LedgerEntry).where(LedgerEntry.user_id == user.id).order_by(LedgerEntry.id)
    return [(row.rule, row.points) for row in session.scalars(query)]


def total(session, user):
    query = select(PointsTotal.points).where(PointsTotal.user_id == user.id, PointsTotal.category_id == 0)
    return set(session.scalars(query))


def told(session, user, after=0):
    query = select(Event).where(Event.user_id == user.id, Event.id > after).order_by(Event.id)
    return session.scalars(query).all()


def changes(session, batch, everything=False):
    found = session.execute(list_changes(session, batch, everything).order_by(Grading.id)).all()
    return changes_of(session, batch, found)


def test_graded_submissions_are_queued_once_more_and_nothing_else_happens(session, learner, challenge):
    made = graded(session, learner, challenge, 0.0)
    rows.submission(session, learner, challenge)  # waits
    batch = opened(session, challenge)
    assert session.scalars(select(Grading.submission_id)).all() == [made.id]
    assert (batch.status, batch.revision, batch.details["submissions"]) == (BatchStatus.RUNNING, 1, 1)
    assert outbox(session).tasks[-1] == ticket(Lane(Queue.REJUDGES))
    assert (made.verdict, ledger(session, learner)) == (Verdict.WRONG_ANSWER, [])


def test_what_checks_a_challenge_is_graded_before_what_is_rejudged(session, learner, challenge):
    graded(session, learner, challenge, 0.0)
    opened(session, challenge)
    check = open_batch(session, Purpose.VERIFY, (challenge.id, 1), None, {})
    add_gradings(session, check, [NewGrading("accepted", rows.RIGHT)])
    claims = claim_gradings(session, Lane(Queue.REJUDGES), 1) + claim_gradings(
        session, Lane(Queue.REJUDGES), 1
    )
    assert [claim.learner_attempt for claim in claims] == [None, 1]


def test_a_scope_leaves_the_others_out(session, learner, challenge):
    bob = rows.user(session)
    first = graded(session, learner, challenge, 0.0)
    second = graded(session, learner, challenge, 1.0)
    update_challenge(session, challenge, {"points": 20})
    third = graded(session, bob, challenge, 0.0)

    def chosen(**scope):
        batch = opened(session, challenge, Scope(**scope))
        return session.scalars(select(Grading.submission_id).where(Grading.batch_id == batch.id)).all()

    assert chosen(submission_id=second.id) == [second.id]
    assert chosen(username=learner.username.upper()) == [first.id, second.id]
    assert chosen(revision=2) == [third.id]
    assert chosen(verdict=[Verdict.WRONG_ANSWER], revision=1) == [first.id]
    assert chosen(since=third.queued_at) == [third.id]
    assert chosen(until=second.queued_at) == [first.id]


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"scope": Scope(since=now() + timedelta(days=1))}, NothingToRejudge),
        ({"scope": Scope(username="nobody")}, ValidationFailed),
        ({"target": 2}, ValidationFailed),
    ],
)
def test_what_cannot_be_rejudged_is_refused(session, learner, challenge, wish, error):
    graded(session, learner, challenge, 0.0)
    with pytest.raises(error):
        opened(session, challenge, **wish)


def test_what_people_graded_is_not_rejudged(session, challenge):
    with pytest.raises(NotRejudgeable):
        rejudged.start_rejudge(session, challenge, EssayGrader(), rejudged.Wish(), None)


def test_the_preview_says_what_would_change_and_for_whom(session, learner, challenge):
    bob, eve = rows.user(session), rows.user(session)
    up = graded(session, learner, challenge, 0.0)
    down = graded(session, bob, challenge, 1.0)
    same = graded(session, eve, challenge, 0.5)
    batch = ready(session, challenge, {up.id: 1.0, down.id: 0.5, same.id: 0.5})
    assert batch.status is BatchStatus.READY
    assert batch.report == {
        "policy": "adjust",
        "changed": 2,
        "unchanged": 1,
        "skipped": 0,
        "failed": 0,
        "verdicts": [
            {"from": "accepted", "to": "partially_accepted", "submissions": 1},
            {"from": "wrong_answer", "to": "accepted", "submissions": 1},
        ],
        "learners": {"concerned": 3, "up": 1, "down": 1, "completed": 1, "reopened": 1},
        "points": {"up": 10, "down": 5},
    }
    assert [(one.username, one.points_before, one.points_after) for one in changes(session, batch)] == [
        (learner.username, 0, 10),
        (bob.username, 10, 5),
    ]
    assert [one.effect for one in changes(session, batch, True)] == [
        Effect.CHANGED,
        Effect.CHANGED,
        Effect.UNCHANGED,
    ]
    assert ledger(session, learner) == []


def test_applying_does_what_the_preview_says(session, learner, challenge):
    bob = rows.user(session)
    up, down = graded(session, learner, challenge, 0.0), graded(session, bob, challenge, 1.0)
    batch = ready(session, challenge, {up.id: 1.0, down.id: 0.5})
    preview, listed = batch.report, changes(session, batch)
    apply_rejudge(session, batch.id)
    assert (batch.status, batch.report) == (BatchStatus.APPLIED, preview)
    assert changes(session, batch) == listed
    assert (up.verdict, up.points, down.verdict, down.points) == (
        Verdict.ACCEPTED,
        10,
        Verdict.PARTIALLY_ACCEPTED,
        5,
    )
    assert [result["score"] for result in down.results] == [0.5]
    assert ledger(session, learner) == [(f"rejudge:{batch.id}", 10)]
    assert ledger(session, bob) == [("best:10", 10), (f"rejudge:{batch.id}", -5)]
    assert (total(session, learner), total(session, bob)) == ({10}, {5})


def test_progress_follows_up_and_down(session, learner, challenge):
    made = graded(session, learner, challenge, 0.0)
    apply_rejudge(session, ready(session, challenge, {made.id: 1.0}).id)
    progress = progress_of(session, learner, challenge)
    assert (progress.status, progress.score, progress.points, progress.epoch) == (
        ProgressStatus.COMPLETED, 1.0, 10, 0,
    )  # fmt: skip
    assert progress.completed_at == made.graded_at
    apply_rejudge(session, ready(session, challenge, {made.id: 0.5}).id)
    progress = progress_of(session, learner, challenge)
    assert (progress.status, progress.score, progress.points, progress.epoch) == (
        ProgressStatus.SUBMITTED, 0.5, 5, 1,
    )  # fmt: skip
    assert progress.completed_at is None


def test_a_level_that_was_taken_back_is_paid_again(session, learner, challenge):
    made = graded(session, learner, challenge, 1.0)
    apply_rejudge(session, ready(session, challenge, {made.id: 0.0}).id)
    graded(session, learner, challenge, 1.0)
    assert [points for _, points in ledger(session, learner)] == [10, -10, 10]
    assert (progress_of(session, learner, challenge).points, total(session, learner)) == (10, {10})


def test_learners_keep_points_and_completion_where_the_challenge_says_so(session, learner):
    challenge = rows.challenge(session)
    made = graded(session, learner, challenge, 1.0)
    apply_rejudge(session, ready(session, challenge, {made.id: 0.0}).id)
    progress = progress_of(session, learner, challenge)
    assert (made.verdict, made.points) == (Verdict.WRONG_ANSWER, 10)
    assert (progress.status, progress.points, progress.epoch) == (ProgressStatus.COMPLETED, 10, 0)
    assert ledger(session, learner) == [("best:10", 10)]


def test_another_answer_can_hold_what_one_loses(session, learner, challenge):
    first, second = (graded(session, learner, challenge, 1.0) for _ in range(2))
    apply_rejudge(session, ready(session, challenge, {first.id: 0.0, second.id: 1.0}).id)
    progress = progress_of(session, learner, challenge)
    assert (first.points, second.points, progress.points) == (0, 10, 10)
    assert (progress.status, progress.completed_at) == (ProgressStatus.COMPLETED, second.graded_at)
    assert ledger(session, learner) == [("best:10", 10)]


def test_submissions_are_bound_to_the_revision_and_paid_by_it(session, learner, challenge):
    made = graded(session, learner, challenge, 1.0)
    update_challenge(session, challenge, {"points": 25})
    batch = ready(session, challenge, {made.id: 1.0})
    assert [(one.effect, one.points_after) for one in changes(session, batch)] == [(Effect.UNCHANGED, 25)]
    apply_rejudge(session, batch.id)
    assert (made.revision, made.points, progress_of(session, learner, challenge).points) == (2, 25, 25)
    assert ledger(session, learner) == [("best:10", 10), (f"rejudge:{batch.id}", 15)]
    apply_rejudge(session, ready(session, challenge, {made.id: 1.0}, target=1).id)
    assert (made.revision, made.points, progress_of(session, learner, challenge).points) == (1, 10, 10)


def test_of_two_rejudges_the_second_leaves_alone_what_the_first_changed(session, learner, challenge):
    mine, bobs = graded(session, learner, challenge, 0.0), graded(session, rows.user(session), challenge, 0.0)
    first = ready(session, challenge, {mine.id: 1.0}, scope=Scope(submission_id=mine.id))
    second = ready(session, challenge, {mine.id: 0.5, bobs.id: 0.5})
    apply_rejudge(session, first.id)
    apply_rejudge(session, second.id)
    assert (mine.verdict, bobs.verdict) == (Verdict.ACCEPTED, Verdict.PARTIALLY_ACCEPTED)
    assert (second.report["changed"], second.report["skipped"]) == (1, 1)
    assert [one.effect for one in changes(session, second)] == [Effect.SKIPPED, Effect.CHANGED]


def test_a_rejudge_is_applied_once(session, learner, challenge):
    batch = ready(session, challenge, {graded(session, learner, challenge, 0.0).id: 1.0})
    apply_rejudge(session, batch.id)
    with pytest.raises(Conflict):
        apply_rejudge(session, batch.id)
    with pytest.raises(Conflict):
        discard_rejudge(session, batch.id)
    assert ledger(session, learner) == [(f"rejudge:{batch.id}", 10)]


def test_what_still_runs_is_not_applied(session, learner, challenge):
    graded(session, learner, challenge, 0.0)
    with pytest.raises(Conflict):
        apply_rejudge(session, opened(session, challenge).id)
    with pytest.raises(NotFound):
        apply_rejudge(session, 404)


def test_discarding_stops_the_workers_and_changes_nothing(session, learner, challenge):
    made = graded(session, learner, challenge, 0.0)
    batch = opened(session, challenge)
    [claim] = claim_gradings(session, Lane(Queue.REJUDGES))
    discard_rejudge(session, batch.id)
    assert not renew_gradings(session, [claim])
    assert not finish_grading(session, claim, rejudged.report(1.0))
    assert (batch.status, made.verdict) == (BatchStatus.CANCELLED, Verdict.WRONG_ANSWER)


def test_a_preview_can_be_discarded(session, learner, challenge):
    batch = ready(session, challenge, {graded(session, learner, challenge, 0.0).id: 1.0})
    discard_rejudge(session, batch.id)
    assert (batch.status, changes(session, batch), ledger(session, learner)) == (
        BatchStatus.DISCARDED,
        [],
        [],
    )


def test_what_could_not_be_graded_stays_as_it_is(session, learner, challenge):
    made = graded(session, learner, challenge, 1.0)
    batch = opened(session, challenge)
    [claim] = claim_gradings(session, Lane(Queue.REJUDGES))
    release_grading(session, claim, "The answer does not fit.", again=False)
    rejudged.settle_all(session)
    assert [(one.effect, one.failure) for one in changes(session, batch)] == [
        (Effect.FAILED, "The answer does not fit.")
    ]
    apply_rejudge(session, batch.id)
    assert (made.verdict, batch.report["failed"], ledger(session, learner)) == (
        Verdict.ACCEPTED, 1, [("best:10", 10)],
    )  # fmt: skip


def test_learners_hear_of_what_changed_for_them_and_of_nothing_else(session, learner, challenge):
    bob = rows.user(session)
    first, second = (graded(session, learner, challenge, 0.0) for _ in range(2))
    bobs = graded(session, bob, challenge, 0.5)
    mark = {user.id: len(told(session, user)) for user in (learner, bob)}
    apply_rejudge(session, ready(session, challenge, {first.id: 1.0, second.id: 0.0, bobs.id: 0.5}).id)
    events = told(session, learner, mark[learner.id])
    assert [event.type for event in events] == [
        "submission.rejudged", "progress.updated", "leaderboard.changed", "achievement.unlocked",
    ]  # fmt: skip
    assert events[0].data == {
        "submission_id": first.id,
        "challenge_id": challenge.id,
        "verdict": "accepted",
        "score": 1.0,
        "points": 10,
        "attempt": 1,
        "change": 10,
    }
    assert events[2].data == {"points": 10, "earned": 10}
    assert told(session, bob, mark[bob.id]) == []


def test_achievements_stay(session, learner, challenge):
    made = graded(session, learner, challenge, 1.0)
    apply_rejudge(session, ready(session, challenge, {made.id: 0.0}).id)
    names = session.scalars(select(Achievement.name).where(Achievement.user_id == learner.id))
    assert set(names) == {"first_solved", "first_try"}


def test_who_got_there_first_stays_first(session, challenge):
    early, late = rows.user(session), rows.user(session)
    other = rows.challenge(session)
    firsts = [graded(session, early, to, 1.0) for to in (other, challenge)]
    graded(session, late, other, 1.0)
    apply_rejudge(session, ready(session, challenge, {firsts[1].id: 0.0}).id)
    assert [row.username for row in session.execute(standings())] == [early.username, late.username]


def test_the_audit_log_says_what_was_done(session, learner, challenge):
    batch = ready(session, challenge, {graded(session, learner, challenge, 0.0).id: 1.0})
    apply_rejudge(session, batch.id)
    session.flush()
    acts = session.scalars(
        select(AuditEntry).where(AuditEntry.object_type == "rejudge").order_by(AuditEntry.id)
    )
    requested, applied = acts.all()
    assert (requested.act, requested.object_id) == ("rejudge.requested", batch.id)
    assert (applied.act, applied.details["changed"], applied.details["points"]) == (
        "rejudge.applied", 1, {"up": 10, "down": 0},
    )  # fmt: skip


def test_a_rejudge_that_changes_nothing_is_applied_too(session, learner, challenge):
    batch = ready(session, challenge, {graded(session, learner, challenge, 1.0).id: 1.0})
    apply_rejudge(session, batch.id)
    assert (batch.status, batch.report["unchanged"]) == (BatchStatus.APPLIED, 1)


def test_too_many_at_once_are_refused_with_how_to_choose_fewer(session, learner, challenge, monkeypatch):
    monkeypatch.setattr(rejudges, "MOST", 1)
    for _ in range(2):
        graded(session, learner, challenge, 0.0)
    with pytest.raises(ValidationFailed) as refused:
        opened(session, challenge)
    assert "since or until" in refused.value.errors["scope"][0]


def test_many_learners_are_told_in_pieces(session, challenge, monkeypatch):
    monkeypatch.setattr(rejudging, "CHUNK", 2)
    learners = [rows.user(session) for _ in range(5)]
    scores = {graded(session, one, challenge, 0.0).id: 1.0 for one in learners}
    apply_rejudge(session, ready(session, challenge, scores).id)
    for one in learners:
        assert [event.type for event in told(session, one)][-5:] == [
            "submission.rejudged", "progress.updated", "leaderboard.changed",
            "achievement.unlocked", "achievement.unlocked",
        ]  # fmt: skip
