"""The forecast of a queue, and which workers, waits and durations belong to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.models.event import Worker
from core.services.queues import Busy, QueueFigures, Snapshot, Waiting, forecast, serves
from core.services.tallies import Figure

IDLE = QueueFigures("code", depth=0, grading=0, oldest_seconds=0.0, workers=2, processes=4, mean_seconds=2.0)


def worker(*queues: str, languages: tuple[str, ...] = (), processes: int = 2) -> Worker:
    versions = dict.fromkeys(languages, "1.0")
    return Worker(name="w", queues=list(queues), languages=versions, processes=processes)


def graded(count: int, seconds: float, **labels: str) -> Figure:
    return Figure("creathon_grading_seconds", labels, sum=seconds, buckets={"1": count})


def test_the_wait_is_the_work_ahead_shared_among_the_processes():
    assert forecast(replace(IDLE, depth=20)).wait_seconds == 20 * 2.0 / 4


def test_nobody_waits_where_nothing_waits():
    assert forecast(IDLE).wait_seconds == 0


def test_without_workers_there_is_no_telling_how_long():
    assert forecast(replace(IDLE, depth=1, workers=0, processes=0)).wait_seconds is None


@pytest.mark.parametrize(
    ("depth", "grading", "wanted"),
    [
        (0, 0, 0),
        (0, 4, 2),  # four at once, two processes each
        (20, 4, 4),  # and 40 s of work in 10 s
        (1, 0, 1),
    ],
)
def test_as_many_workers_are_wanted_as_keep_up_and_clear_the_backlog_in_ten_seconds(depth, grading, wanted):
    assert forecast(replace(IDLE, depth=depth, grading=grading)).workers_wanted == wanted


def test_a_backlog_without_workers_asks_for_some():
    assert forecast(replace(IDLE, depth=20, workers=0, processes=0)).workers_wanted == 2


@pytest.mark.parametrize(
    ("who", "name", "answer"),
    [
        (worker("knowledge"), "knowledge", True),
        (worker("knowledge"), "code", False),
        (worker("code", languages=("python",)), "code", True),
        (worker("code", languages=("python",)), "code.python", True),
        (worker("code", languages=("python",)), "code.rust", False),
        (worker("code.python", languages=("python",)), "code", True),
        (worker("code.python", languages=("python", "c")), "code.c", False),
        (worker("code"), "code", False),  # it cannot box programs
        (worker("rejudges"), "rejudges", True),
    ],
)
def test_a_worker_serves_what_it_was_told_to_and_can(who, name, answer):
    assert serves(who, name) is answer


def test_a_queue_is_the_sum_of_its_lanes():
    now = Snapshot(
        waiting=[Waiting("code.python", 3, 9.0), Waiting("code.c", 1, 20.0), Waiting("knowledge", 5, 1.0)],
        grading=[Busy("code.python", 2)],
        workers=[worker("code", languages=("python",)), worker("knowledge", processes=8)],
        graded=[graded(10, 20.0, kind="code.batch", language="python"), graded(90, 0.9, kind="choice")],
    )
    code = now.figures("code")
    assert (code.depth, code.grading, code.oldest_seconds, code.processes) == (4, 2, 20.0, 2)
    assert code.mean_seconds == 2.0
    assert now.figures("knowledge").mean_seconds == pytest.approx(0.01)
    assert now.figures("rejudges").mean_seconds == pytest.approx(0.209)
    assert (now.figures("code.c").depth, now.figures("code.c").processes) == (1, 0)
