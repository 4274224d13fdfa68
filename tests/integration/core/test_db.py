from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(session):
    with pytest.raises(DBAPIError) as caught:
        session.execute(text("SELECT 1 / 0, :password"), {"password": "correct horse"})
    assert "SELECT 1 / 0" in str(caught.value)
    assert "correct horse" not in str(caught.value)
