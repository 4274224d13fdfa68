from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db import make_engine


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(session):
    with pytest.raises(DBAPIError) as caught:
        session.execute(text("SELECT 1 / 0, :password"), {"password": "correct horse"})
    assert "SELECT 1 / 0" in str(caught.value)
    assert "correct horse" not in str(caught.value)


def test_a_connection_that_died_while_it_was_idle_is_replaced_before_it_is_used(settings, monkeypatch):
    monkeypatch.setattr("core.db.IDLE", 0.0)
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    other = make_engine(settings.database_url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != pid
    engine.dispose()
    other.dispose()
