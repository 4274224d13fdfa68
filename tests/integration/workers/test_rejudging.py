"""A rejudge on a real worker and a real sweeper, while learners go on."""

from core.grading import Lane, Queue, Verdict
from core.models.batch import Batch
from core.models.challenge import Challenge
from core.models.submission import Submission
from core.outbox import outbox
from core.services.batches import progress_of
from core.services.claims import claim_submissions
from core.services.grading import finish_gradings
from core.services.rejudges import Wish, start_rejudge
from core.services.rejudging import apply_rejudge
from core.words import BatchStatus, GradingStatus
from graders.registry import grader_for
from tests.factories import rejudged, rows
from tests.integration.workers.conftest import ADD
from tests.support.processes import wait_until

SUM = "a, b = map(int, input().split())\nprint(a + b)"
SLOW = f"import time\ntime.sleep(0.2)\n{SUM}"
MANY = 20


def handed_in(session, challenge, source):
    answer = {"language": "python", "source": source}
    grader = grader_for(challenge.kind)
    return rows.create_submission(session, rows.user(session), challenge, grader, rows.NewSubmission(answer))


def judged_wrong(desk):
    """A challenge and its right programs, which a worker that was broken has refused."""
    with desk.sessions.begin() as session:
        challenge = rows.challenge(session, kind="code.batch", spec=ADD)
        for _ in range(MANY):
            handed_in(session, challenge, SLOW)
        session.flush()
        claims = claim_submissions(session, Lane(Queue.CODE, "python"), "broken", MANY)
        finish_gradings(session, [(claim, rejudged.report(0.0)) for claim in claims])
    return challenge.id


def asked(desk, challenge_id, **wish):
    with desk.sessions.begin() as session:
        challenge = session.get_one(Challenge, challenge_id)
        batch = start_rejudge(session, challenge, grader_for(challenge.kind), Wish(**wish), None)
        tickets = outbox(session).tasks
    for ticket in tickets:
        desk.send(ticket.lane)
    return batch.id


def test_learners_are_graded_first_and_the_rejudge_nevertheless(desk, worker_process, sweeper_process):
    challenge_id = judged_wrong(desk)
    rejudge_id = asked(desk, challenge_id)
    worker_process()
    sweeper_process()

    def progress():
        with desk.sessions() as session:
            return progress_of(session, rejudge_id)

    wait_until(lambda: progress()[GradingStatus.GRADED], "the rejudge has begun")
    with desk.sessions.begin() as session:
        mine = handed_in(session, session.get_one(Challenge, challenge_id), SUM).id
    desk.send(Lane(Queue.CODE, "python"))
    assert desk.wait_for(mine).verdict is Verdict.ACCEPTED
    assert progress()[GradingStatus.QUEUED] > 0

    def ready():
        with desk.sessions() as session:
            return session.get_one(Batch, rejudge_id).status is BatchStatus.READY

    wait_until(ready, "the rejudge is ready")
    with desk.sessions.begin() as session:
        batch = apply_rejudge(session, rejudge_id)
        assert (batch.report["changed"], batch.report["points"]["up"]) == (MANY, MANY * 10)
    with desk.sessions() as session:
        verdicts = set(session.query(Submission.verdict).distinct())
        [shown] = session.query(Submission.results).filter_by(id=mine - 1).one()
    assert (verdicts, shown[0]["verdict"]) == ({(Verdict.ACCEPTED,)}, "accepted")
