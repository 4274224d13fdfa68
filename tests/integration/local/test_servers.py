"""The embedded servers: they keep what they were given, whatever happens to them, and leave nothing behind."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from deploy.local.errors import StackError
from deploy.local.leftovers import servers_in
from deploy.local.places import kept_secret
from deploy.local.postgres import Postgres
from deploy.local.valkey import Valkey
from tests.support.processes import wait_until
from tests.support.servers import Servers, running_servers


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A pair for this file alone, since its tests break it."""
    with running_servers(tmp_path_factory.mktemp("pair")) as servers:
        yield servers


@contextmanager
def client(server: Valkey) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server.url, socket_timeout=10, decode_responses=True) as connection:
        yield connection


def answer(server: Postgres, question: str) -> Any:
    with closing(psycopg2.connect(server.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def test_postgres_keeps_what_was_committed_before_a_kill(pair: Servers) -> None:
    answer(pair.postgres, "CREATE TABLE kept AS SELECT 42 AS answer")
    pair.postgres.child.kill()
    pair.postgres.start()
    assert answer(pair.postgres, "SELECT answer FROM kept") == 42


def test_postgres_keeps_its_data_over_a_stop(pair: Servers) -> None:
    answer(pair.postgres, "CREATE TABLE stopped AS SELECT 7 AS answer")
    pair.postgres.stop()
    pair.postgres.start()
    assert answer(pair.postgres, "SELECT answer FROM stopped") == 7


def test_valkey_keeps_what_it_acknowledged_before_a_kill(pair: Servers) -> None:
    with client(pair.valkey) as connection:
        connection.set("kept", "42")
    pair.valkey.child.kill()
    pair.valkey.start()
    with client(pair.valkey) as connection:
        assert connection.get("kept") == "42"


def test_a_stale_pid_file_that_names_a_living_process_does_not_block_the_start(pair: Servers) -> None:
    pair.postgres.stop()
    stale = pair.postgres.home.path / "postgres" / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n")
    pair.postgres.start()
    assert answer(pair.postgres, "SELECT 1") == 1


def test_an_interrupted_first_start_is_begun_again(pair: Servers) -> None:
    pair.postgres.stop()
    data = pair.postgres.home.path / "postgres" / "data"
    data.rename(data.with_name("new"))
    pair.postgres.start()
    assert answer(pair.postgres, "SELECT 1") == 1


def test_a_server_that_outlived_its_guard_is_stopped_before_a_start(pair: Servers) -> None:
    survivor = pair.postgres.child.pid
    twin = Postgres(pair.postgres.home, pair.postgres.options)
    twin.start()
    try:
        assert twin.child.pid not in (None, survivor)
        assert answer(twin, "SELECT 1") == 1
    finally:
        twin.stop()
        pair.postgres.start()


def test_a_server_that_cannot_start_says_why(pair: Servers) -> None:
    twin = Valkey(pair.valkey.home, pair.valkey.options)
    pair.valkey.stop()
    broken = pair.valkey.home.path / "valkey" / "appendonlydir" / "appendonly.aof.manifest"
    good = broken.read_bytes()
    broken.write_text("nonsense\n")
    try:
        with pytest.raises(StackError, match=r"Valkey ended with code 1 while starting(.|\n)*manifest"):
            twin.start()
    finally:
        broken.write_bytes(good)
        pair.valkey.start()


def test_valkey_never_evicts_and_writes_to_disk(pair: Servers) -> None:
    with client(pair.valkey) as connection:
        assert connection.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert connection.config_get("appendonly")["appendonly"] == "yes"


def test_nobody_enters_without_the_password(pair: Servers) -> None:
    port = pair.valkey.options.port
    with redis.Redis(port=port) as connection, pytest.raises(redis.AuthenticationError):
        connection.ping()
    with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
        psycopg2.connect(
            f"postgresql://creathon@127.0.0.1:{pair.postgres.options.port}/creathon?passfile=/dev/null"
        )


def test_the_password_is_in_no_process_list(pair: Servers) -> None:
    secrets = [kept_secret(pair.postgres.home.path / f"{name}.password") for name in ("postgres", "valkey")]
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in servers_in(pair.postgres.home.path)]
    assert lines
    assert not [line for line in lines for secret in secrets if secret in line]


def test_the_servers_do_not_run_as_root(pair: Servers) -> None:
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in servers_in(pair.postgres.home.path)}
    assert owners
    assert 0 not in owners


def test_nothing_is_left_after_the_stop(tmp_path: Path) -> None:
    with running_servers(tmp_path) as servers:
        home = servers.postgres.home.path
        assert servers_in(home)
    wait_until(lambda: not servers_in(home), "all processes are gone", 5)
    assert not home.exists()
