"""What a worker's grading processes count reaches the database, also what they counted just before their end."""

from __future__ import annotations

from core.services.tallies import read_tallies
from core.tallies import ENDED, GRADING, SANDBOX_START


def test_verdicts_and_their_times_are_in_the_database_when_the_worker_has_stopped(desk, worker_process):
    worker = worker_process()
    desk.wait_for(desk.hand_in_program("print(sum(map(int, input().split())))"))
    worker.stop()
    with desk.sessions() as session:
        found = {figure.name: figure for figure in read_tallies(session)}
    assert (found[ENDED].labels, found[ENDED].value) == ({"status": "graded", "verdict": "accepted"}, 1)
    assert found[GRADING].labels == {"kind": "code.batch", "language": "python"}
    assert found[GRADING].count == 1
    assert found[SANDBOX_START].count >= 1
    assert 0 < found[SANDBOX_START].sum / found[SANDBOX_START].count < 60
