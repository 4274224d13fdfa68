"""The guard, with real processes: it restarts, it stops, and it leaves nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.child import Child, Program
from deploy.local.places import CHECKOUT
from tests.support.processes import wait_until

ENV = {"PATH": os.environ["PATH"]}
PARENT = """
import sys
from pathlib import Path
from deploy.local.child import Child, Program
child = Child(Program(["/bin/sh", "-c", sys.argv[1]], {"PATH": "/usr/bin:/bin"}, Path(sys.argv[2])))
child.start()
sys.stdin.read()
"""


class Shell:
    """Starts shell programs under guards, stops them all at the end of the test."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack

    def start(self, script: str, restart: bool = False, grace: float = 10.0) -> Child:
        program = Program(["/bin/sh", "-c", script], ENV, self.folder / "log", grace=grace, restart=restart)
        child = Child(program)
        self._stack.callback(child.stop)
        child.start()
        return child

    def numbers(self, name: str = "pids") -> list[int]:
        """The process ids that the programs appended to a file."""
        path = self.folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with ExitStack() as stack:
        yield Shell(tmp_path, stack)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_exit_code_of_the_program_is_the_guards(shell: Shell) -> None:
    child = shell.start("exit 3")
    wait_until(lambda: not child.running, "the program has ended")
    assert child.exit_code == 3


def test_an_end_by_a_signal_is_told_as_a_shell_tells_it(shell: Shell) -> None:
    child = shell.start("kill -KILL $$")
    wait_until(lambda: not child.running, "the program has ended")
    assert child.exit_code == 128 + signal.SIGKILL


def test_a_program_that_does_not_exist_is_named_in_the_log(shell: Shell) -> None:
    child = Child(Program(["/no/such/program"], ENV, shell.folder / "log"))
    child.start()
    wait_until(lambda: not child.running, "the guard has given up")
    assert child.exit_code == 127
    assert "cannot start /no/such/program" in (shell.folder / "log").read_text()


def test_a_crashed_program_is_started_again(shell: Shell) -> None:
    shell.start(f"echo $$ >> {shell.folder}/pids; sleep 0.1; exit 1", restart=True)
    wait_until(lambda: len(shell.numbers()) >= 2, "the program has run twice")
    assert "ended with code 1; starting it again" in (shell.folder / "log").read_text()


def test_without_restart_a_crashed_program_stays_down(shell: Shell) -> None:
    child = shell.start(f"echo $$ >> {shell.folder}/pids; exit 1")
    wait_until(lambda: not child.running, "the program has ended")
    assert len(shell.numbers()) == 1


def test_stop_ends_what_moved_to_another_session(shell: Shell) -> None:
    inner = f"echo $$ >> {shell.folder}/pids; exec sleep 1000"
    child = shell.start(f"setsid sh -c '{inner}' & setsid sh -c '{inner}' & exec sleep 1000")
    wait_until(lambda: len(shell.numbers()) == 2, "both descendants run")
    child.stop()
    assert not any(alive(pid) for pid in shell.numbers())


def test_a_program_that_ends_takes_its_descendants_with_it(shell: Shell) -> None:
    child = shell.start(f"setsid sh -c 'echo $$ >> {shell.folder}/pids; exec sleep 1000' & sleep 0.5")
    wait_until(lambda: not child.running, "the program has ended")
    assert len(shell.numbers()) == 1
    assert not alive(shell.numbers()[0])


def test_a_program_that_ignores_the_request_is_killed(shell: Shell) -> None:
    child = shell.start(f"trap '' TERM; echo $$ >> {shell.folder}/pids; while :; do sleep 1; done", grace=0.3)
    wait_until(shell.numbers, "the program runs")
    child.stop()
    assert child.exit_code == 128 + signal.SIGKILL
    assert not alive(shell.numbers()[0])


def test_kill_ends_the_program_as_a_crash_does(shell: Shell) -> None:
    child = shell.start(f"echo $$ >> {shell.folder}/pids; exec sleep 1000")
    wait_until(shell.numbers, "the program runs")
    child.kill()
    assert child.exit_code == 128 + signal.SIGKILL


def test_everything_ends_when_the_starter_is_killed(shell: Shell) -> None:
    script = f"echo $$ >> {shell.folder}/pids; setsid sh -c 'echo $$ >> {shell.folder}/pids; exec sleep 1000' & wait"
    command = [sys.executable, "-c", PARENT, script, str(shell.folder / "log")]
    starter = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=CHECKOUT)
    try:
        wait_until(lambda: len(shell.numbers()) == 2, "the program and its descendant run")
    finally:
        starter.kill()
        starter.communicate()
    wait_until(lambda: not any(alive(pid) for pid in shell.numbers()), "both are gone")
