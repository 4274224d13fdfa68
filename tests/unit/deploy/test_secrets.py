"""deploy/make-secrets: made once, renewed one by one, each in the files that are made from it."""

import hashlib
import stat
import subprocess

import pytest

from tests.support.deployment import DEPLOY


def make(folder):
    command = [str(DEPLOY / "make-secrets"), str(folder), "db.example:5433", "redis.example:6380"]
    subprocess.run(command, capture_output=True, check=True)
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "secrets"


def test_secrets_that_are_there_stay(folder):
    assert make(folder) == make(folder)


def test_no_two_secrets_are_the_same(folder):
    made = make(folder)
    assert len(set(made.values())) == len(made)


def test_nobody_else_can_enter_the_folder(folder):
    make(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_roles_new_password_is_in_its_url_and_changes_nothing_else(folder):
    before = make(folder)
    (folder / "CREATHON_WORKER_PASSWORD").unlink()
    after = make(folder)
    assert {name for name in before if before[name] != after[name]} == {
        "CREATHON_WORKER_PASSWORD",
        "DATABASE_URL.worker",
    }
    password = after["CREATHON_WORKER_PASSWORD"]
    assert after["DATABASE_URL.worker"] == f"postgresql://creathon_worker:{password}@db.example:5433/creathon"


def test_the_new_password_of_redis_is_in_its_url_and_its_hash_in_the_acl(folder):
    before = make(folder)
    (folder / "REDIS_PASSWORD").unlink()
    after = make(folder)
    password = after["REDIS_PASSWORD"]
    assert password != before["REDIS_PASSWORD"]
    assert after["REDIS_URL"] == f"redis://creathon:{password}@redis.example:6380/0"
    assert hashlib.sha256(password.encode()).hexdigest() in after["users.acl"]
