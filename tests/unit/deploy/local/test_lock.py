from pathlib import Path

import pytest

from deploy.local import lock
from deploy.local.lock import AlreadyRunningError, announce, is_held, only_one, running


def test_the_lock_is_free_before_and_after(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with only_one(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def test_a_second_holder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0)
    with only_one(tmp_path), pytest.raises(AlreadyRunningError), only_one(tmp_path):
        pytest.fail("two hold the lock")


def test_what_runs_is_known_while_it_runs(tmp_path: Path) -> None:
    with only_one(tmp_path):
        assert running(tmp_path) is None
        announce(tmp_path, "up", {"PORT": "8000"})
        stack = running(tmp_path)
        assert stack is not None
        assert (stack.command, stack.env) == ("up", {"PORT": "8000"})
    assert running(tmp_path) is None


def test_the_note_of_a_crashed_stack_counts_for_nothing(tmp_path: Path) -> None:
    announce(tmp_path, "up", {})
    assert running(tmp_path) is None
    with only_one(tmp_path):
        assert running(tmp_path) is None
