import os
import pwd

import pytest

from deploy.local.errors import StackError
from deploy.local.identity import CANDIDATES, service_user


def absent(name: object) -> None:
    raise KeyError(name)


def test_an_ordinary_user_stays_who_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("nobody").pw_uid)
    assert service_user() is None


def test_root_becomes_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    user = service_user()
    assert user is not None
    assert user.name in CANDIDATES
    assert user.uid != 0


def test_a_system_without_such_a_user_is_told_to_add_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", absent)
    with pytest.raises(StackError, match="add one"):
        service_user()


def test_a_user_without_a_name_is_told_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    monkeypatch.setattr(pwd, "getpwuid", absent)
    with pytest.raises(StackError, match="4242 has no entry in /etc/passwd"):
        service_user()
