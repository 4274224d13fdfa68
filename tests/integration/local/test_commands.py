"""`run`, `status`, `psql` and `clean` in a checkout that other users cannot enter."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from deploy.local.clean import clean
from deploy.local.errors import StackError
from deploy.local.home import open_home
from deploy.local.lock import running
from tests.support.checkout import Checkout
from tests.support.processes import wait_until

SHOW = ("run", "--", "sh", "-c", 'echo "$DATABASE_URL $REDIS_URL $SECRET_KEY $JWT_SECRET_KEY"')
SQL = "import os, psycopg2, sys; c = psycopg2.connect(os.environ['DATABASE_URL']).cursor(); c.execute(sys.argv[1])"


def sql(checkout: Checkout, statement: str) -> subprocess.CompletedProcess[str]:
    code = f"{SQL}; print(c.fetchall() if c.description else ''); c.connection.commit()"
    return checkout.run("run", "--", sys.executable, "-c", code, statement)


def test_addresses_and_secrets_stay_the_same_from_run_to_run(checkout: Checkout) -> None:
    first, second = checkout.run(*SHOW), checkout.run(*SHOW)
    assert first.returncode == 0, first.stderr
    assert len(set(first.stdout.split())) == 4
    assert first.stdout == second.stdout


def test_the_exit_code_is_the_commands(checkout: Checkout) -> None:
    assert checkout.run("run", "--", "sh", "-c", "exit 7").returncode == 7


def test_data_is_kept_when_everything_is_killed(checkout: Checkout) -> None:
    assert sql(checkout, "CREATE TABLE kept AS SELECT 42").returncode == 0
    holder = checkout.start("run", "--", "sleep", "1000")
    wait_until(lambda: running(checkout.var), "the servers run")
    for pid in checkout.processes():
        os.kill(pid, signal.SIGKILL)
    holder.wait(60)
    again = sql(checkout, "SELECT * FROM kept")
    assert "(42,)" in again.stdout, again.stderr


def test_a_second_command_uses_the_servers_of_the_first(checkout: Checkout) -> None:
    checkout.start("run", "--", "sleep", "1000")
    wait_until(lambda: running(checkout.var), "the servers run")
    stack = running(checkout.var)
    assert stack is not None
    assert checkout.run(*SHOW).stdout.startswith(stack.env["DATABASE_URL"])
    ours = str(Path(sys.executable).with_name("flask"))
    assert checkout.run("run", "--", "sh", "-c", "command -v flask").stdout.strip() == ours
    refused = checkout.run("up")
    assert refused.returncode == 1
    assert f"`run` (process {stack.pid}) of this checkout already runs" in refused.stderr
    assert f"process {stack.pid}" in checkout.run("status").stdout


def test_a_stack_that_does_not_run_has_a_status_too(checkout: Checkout) -> None:
    answer = checkout.run("status")
    assert answer.returncode == 3
    assert "`make up` starts it" in answer.stdout


def test_given_addresses_are_used_as_they_are(checkout: Checkout) -> None:
    given = {"DATABASE_URL": "postgresql://u:p@db.example/x", "REDIS_URL": "redis://cache.example/0"}
    shown = checkout.run(*SHOW, **given)
    assert shown.stdout.split()[:2] == list(given.values())
    assert not (checkout.var / "ports.json").exists()


def test_a_dotenv_file_counts_less_than_the_environment(checkout: Checkout) -> None:
    (checkout.path / ".env").write_text("COLOUR=green\nSHAPE=round\n")
    shown = checkout.run("run", "--", "sh", "-c", "echo $COLOUR $SHAPE", COLOUR="blue")
    assert shown.stdout == "blue round\n"


def test_only_the_owner_can_read_what_is_kept(checkout: Checkout) -> None:
    assert checkout.run(*SHOW).returncode == 0
    assert checkout.var.stat().st_mode & 0o777 == 0o700
    loose = [path for path in checkout.var.iterdir() if path.stat().st_mode & 0o077]
    assert loose == []


def test_clean_removes_everything_and_a_new_start_is_a_new_world(checkout: Checkout) -> None:
    assert sql(checkout, "CREATE TABLE old AS SELECT 1").returncode == 0
    home = open_home(checkout.var).path
    assert checkout.var in clean(checkout.var)
    assert not home.exists()
    assert "UndefinedTable" in sql(checkout, "SELECT * FROM old").stderr


def test_a_new_clone_at_the_same_place_does_not_inherit_data(checkout: Checkout) -> None:
    assert sql(checkout, "CREATE TABLE old AS SELECT 1").returncode == 0
    checkout.var.rename(checkout.path / "gone")
    assert "UndefinedTable" in sql(checkout, "SELECT * FROM old").stderr


def test_clean_refuses_while_the_servers_run(checkout: Checkout) -> None:
    checkout.start("run", "--", "sleep", "1000")
    wait_until(lambda: running(checkout.var), "the servers run")
    with pytest.raises(StackError, match="Stop it first"):
        clean(checkout.var)


def test_an_interrupt_stops_the_servers(checkout: Checkout) -> None:
    holder = checkout.start("run", "--", "sleep", "1000")
    wait_until(lambda: running(checkout.var), "the servers run")
    stack = running(checkout.var)
    assert stack is not None
    holder.send_signal(signal.SIGTERM)
    assert holder.wait(60) == 130
    with pytest.raises(psycopg2.OperationalError, match="refused"):
        psycopg2.connect(stack.env["DATABASE_URL"])


def test_a_link_in_place_of_var_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    checkout.var.symlink_to(tmp_path)
    refused = checkout.run(*SHOW)
    assert refused.returncode == 1
    assert "must be a folder" in refused.stderr
    checkout.var.unlink()


def test_a_missing_command_is_named(checkout: Checkout) -> None:
    assert "There is no command 'no-such-command'" in checkout.run("run", "--", "no-such-command").stderr
