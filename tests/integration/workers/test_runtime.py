"""Each process of a worker has connections of its own, also one that is forked after the parent connected."""

from __future__ import annotations

import os

import pytest

from core.flusher import stop_flusher
from workers import runtime as module


@pytest.fixture
def parents(settings, monkeypatch):
    monkeypatch.setattr(module, "get_settings", lambda: settings)
    monkeypatch.setattr(module, "_runtime", None)
    yield module.runtime()
    stop_flusher()
    module.runtime().sessions.kw["bind"].dispose()


def test_a_late_child_opens_a_runtime_of_its_own(parents):
    assert module.runtime() is parents
    child = os.fork()
    if child == 0:
        os._exit(1 if module.runtime() is parents else 0)
    assert os.waitpid(child, 0)[1] == 0
