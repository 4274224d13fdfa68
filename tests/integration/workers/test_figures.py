"""What a worker's grading processes count reaches the database, also what they counted just before their end."""

from __future__ import annotations

from core.services.tallies import read_tallies
from core.tallies import SANDBOX_START


def test_the_start_of_boxes_is_timed_in_the_database_when_the_worker_has_stopped(desk, worker_process):
    worker = worker_process()
    desk.wait_for(desk.hand_in_program("print(sum(map(int, input().split())))"))
    worker.stop()
    with desk.sessions() as session:
        (figure,) = read_tallies(session, SANDBOX_START)
    assert figure.count >= 1
    assert 0 < figure.sum / figure.count < 60
