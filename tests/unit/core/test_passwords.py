from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import pytest

from core import passwords
from core.errors import TooManyRequests


def test_a_crowd_waits_its_turn_and_gets_it(monkeypatch):
    monkeypatch.setattr(passwords, "_slots", BoundedSemaphore(1))
    stored = passwords.hash_password("correct horse")
    with ThreadPoolExecutor(4) as crowd:
        assert all(crowd.map(lambda _: passwords.password_fits("correct horse", stored), range(4)))


def test_who_waits_too_long_is_told_to_come_back_and_not_that_the_password_is_wrong(monkeypatch):
    monkeypatch.setattr(passwords, "_slots", BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._slot(), pytest.raises(TooManyRequests):
        passwords.password_fits("anything", None)
    assert not passwords.password_fits("anything", None)
