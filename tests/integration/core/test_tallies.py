"""Figures in the database: those of all processes add up, and an outage delays them only."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy.exc import SQLAlchemyError

from core.db import make_engine, session_factory
from core.flusher import Flusher
from core.services.tallies import flush, read_tallies
from core.tallies import Tallies
from tests.support.processes import wait_until


@pytest.fixture
def sessions(settings):
    engine = make_engine(settings.database_url)
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def unreachable(settings):
    dead = replace(settings, database_url="postgresql+psycopg2://x:y@127.0.0.1:1/z")
    return session_factory(make_engine(dead.database_url))


def stored(sessions, *names):
    with sessions() as session:
        return read_tallies(session, *names)


def test_what_two_processes_count_adds_up(sessions):
    for seconds in (0.3, 0.04):
        tallies = Tallies()
        tallies.count("swept", 2, reason="expired")
        tallies.observe("grading", seconds, kind="choice")
        flush(sessions, tallies)
    grading, swept = stored(sessions)
    assert (swept.labels, swept.value) == ({"reason": "expired"}, 4)
    assert (grading.count, grading.sum) == (2, pytest.approx(0.34))
    assert dict(grading.cumulative())["0.05"] == 1
    assert grading.cumulative()[-1] == ("+Inf", 2)
    assert [figure.name for figure in stored(sessions, "swept")] == ["swept"]


def test_flushes_at_the_same_time_neither_lose_nor_deadlock(sessions):
    def work(labels):
        tallies = Tallies()
        for _ in range(30):
            for label in labels:
                tallies.count("ended", verdict=label)
            flush(sessions, tallies)

    names = [f"v{number}" for number in range(6)]
    threads = [Thread(target=work, args=(order,)) for order in (names, names[::-1], names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [figure.value for figure in stored(sessions, "ended")] == [120.0] * 6


def test_while_the_database_is_away_the_figures_are_kept(sessions, unreachable):
    tallies = Tallies()
    tallies.count("swept")
    with pytest.raises(SQLAlchemyError):
        flush(unreachable, tallies)
    flush(sessions, tallies)
    assert [figure.value for figure in stored(sessions)] == [1]


def test_the_flusher_flushes_by_itself_and_what_is_left_at_the_end(sessions):
    tallies = Tallies()
    flusher = Flusher(sessions, tallies, interval=0.05)
    flusher.start()
    tallies.count("swept")
    wait_until(lambda: stored(sessions), "the figures are stored", 10)
    tallies.count("swept")
    flusher.stop()
    assert [figure.value for figure in stored(sessions)] == [2]


def test_the_flusher_outlives_an_outage(unreachable, caplog):
    tallies = Tallies()
    flusher = Flusher(unreachable, tallies, interval=0.01)
    flusher.start()
    tallies.count("swept")
    wait_until(lambda: caplog.text.count("figures wait for the database") > 1, "it tried twice", 10)
    flusher.stop()
    assert len(tallies.take()) == 1
