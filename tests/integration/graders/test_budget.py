"""The tests of one submission share a budget of time."""

from __future__ import annotations

from contextlib import ExitStack

from core.grading import Limits
from graders.code.session import Session
from graders.languages import LANGUAGES
from graders.sandbox.values import Stop

SLEEPS = b"import time\ntime.sleep(float(input()))\n"


def test_a_submission_gets_no_more_than_its_budget_for_all_its_tests() -> None:
    with ExitStack() as boxes:
        session = Session(boxes, LANGUAGES["python"], Limits(wall_seconds=30), budget=1.0)
        assert session.build(SLEEPS) is None
        stops = [session.run(seconds).stopped for seconds in ("0", "20", "0")]
    assert stops == [None, Stop.BUDGET, Stop.BUDGET]
