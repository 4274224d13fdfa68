"""What the benchmark measures on must be what the application would have written."""

import pytest
from sqlalchemy import create_engine, func, select, text

from benchmarks.fill import Size, fill
from benchmarks.pipeline.checks import CHECKS
from core.models.progress import LedgerEntry, PointsTotal
from core.models.submission import Submission
from core.settings import database_url as driver_url
from core.words import Window

SIZE = Size(users=60, submissions=400, challenges=30, categories=4, regulars=10, each=20)
CONSISTENT = [what for what in CHECKS if not what.startswith("submissions")]


@pytest.fixture
def filled(database_url):
    assert dict(fill(database_url, SIZE))
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_there_are_as_many_submissions_as_asked_for(filled):
    assert filled.scalar(select(func.count()).select_from(Submission)) == SIZE.submissions


def test_points_attempts_and_events_agree(filled):
    assert {what: filled.scalar(text(CHECKS[what])) for what in CONSISTENT} == dict.fromkeys(CONSISTENT, 0)


def test_totals_are_the_sum_of_the_ledger(filled):
    everything = (PointsTotal.window == Window.ALL) & (PointsTotal.category_id == 0)
    kept = filled.scalar(select(func.sum(PointsTotal.points)).where(everything))
    assert kept == filled.scalar(select(func.sum(LedgerEntry.points)))
