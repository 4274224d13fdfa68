"""Run one program and answer for everything it starts: `python -m deploy.local.guard [options] -- PROGRAM...`.

A process of its own, because the promise "nothing is left behind" must hold even when the stack is killed with
SIGKILL: the kernel then signals the guard, and the guard ends the program together with all of its descendants,
also those that moved to another session (it is their subreaper).
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
WATCHED = STOP_SIGNALS | {signal.SIGCHLD}
FIRST_DELAY, LONGEST_DELAY, STEADY_AFTER = 0.5, 10.0, 30.0  # seconds
CANNOT_START = 127
ORPHANED = signal.SIGHUP  # what the kernel sends us when our parent ends
ORPHAN_GRACE = 5.0  # seconds: whoever was to wait for a clean end is gone, and so may be the servers it needs


class Guard:
    """Starts the program, waits for it, starts it again when asked to, and leaves nothing behind."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        self.program = 0
        self.status: int | None = None

    def run(self) -> int:
        """Exit code of the program; 128 + N when signal N ended it."""
        delay = FIRST_DELAY
        while True:
            started = time.monotonic()
            self._start()
            stopped = self._wait_for_program()
            end_descendants()
            if stopped or not self.options.restart:
                return self._exit_code()
            delay = FIRST_DELAY if time.monotonic() - started > STEADY_AFTER else delay
            say(f"ended with code {self._exit_code()}; starting it again in {delay:g} s")
            if self._asked_to_stop(delay):
                return self._exit_code()
            delay = min(delay * 2, LONGEST_DELAY)

    def _start(self) -> None:
        self.status = None
        guard = os.getpid()
        self.program = os.fork()
        if self.program == 0:
            become(self.options, self.mask, guard)

    def _wait_for_program(self) -> bool:
        """True when we were asked to stop, False when the program ended by itself."""
        while self.status is None:
            received = signal.sigwait(WATCHED)
            if received in STOP_SIGNALS:
                self._stop(
                    min(self.options.grace, ORPHAN_GRACE) if received == ORPHANED else self.options.grace
                )
                return True
            self._reap()
        return False

    def _stop(self, grace: float) -> None:
        _send(self.program, self.options.stop_signal)
        deadline = time.monotonic() + grace
        while self.status is None and time.monotonic() < deadline:
            signal.sigtimedwait({signal.SIGCHLD}, 0.2)
            self._reap()
        if self.status is None:
            say(f"did not stop within {grace:g} s; killing it")

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (reaped := os.waitpid(-1, os.WNOHANG))[0]:
                if reaped[0] == self.program:
                    self.status = reaped[1]

    def _asked_to_stop(self, seconds: float) -> bool:
        return signal.sigtimedwait(STOP_SIGNALS, seconds) is not None

    def _exit_code(self) -> int:
        if self.status is None:  # it had to be killed
            return 128 + signal.SIGKILL
        code = os.waitstatus_to_exitcode(self.status)
        return code if code >= 0 else 128 - code


def become(options: argparse.Namespace, mask: set[int | signal.Signals], guard: int) -> None:
    """In the forked child: a group of its own, the other user when one is named, then the program. Never returns."""
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if options.uid is not None:
            os.setgroups([])
            os.setresgid(options.gid, options.gid, options.gid)
            os.setresuid(options.uid, options.uid, options.uid)
        follow_parent(guard, options.stop_signal)  # after the change of user, which clears it
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.execvp(options.program[0], options.program)  # noqa: S606 - no shell is the point
    except OSError as error:
        say(f"cannot start {options.program[0]}: {error}")
    finally:
        os._exit(CANNOT_START)


def follow_parent(parent: int, signal_number: int) -> None:
    """Have the kernel send this process `signal_number` when its parent ends; raises OSError."""
    _prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:  # it ended before we could ask
        os.kill(os.getpid(), signal_number)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends; raises OSError."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_descendants() -> None:
    """Kill whatever still lives below this process. Killed ones hand their children to us, hence the loop."""
    while pids := children_of(os.getpid()):
        for pid in pids:
            _send(pid, signal.SIGKILL)
        for pid in pids:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def children_of(pid: int) -> list[int]:
    """Process ids of the direct children of `pid`, of all its threads; empty when it is gone."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(word) for word in (task / "children").read_text().split()]
    return found


def say(text: str) -> None:
    """One line to stderr, which is the log of the program."""
    sys.stderr.write(f"guard: {text}\n")
    sys.stderr.flush()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one guard; exits with a usage message when they are wrong."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.guard", description=__doc__)
    parser.add_argument("--restart", action="store_true", help="start the program again when it ends")
    parser.add_argument("--stop-signal", type=int, default=signal.SIGTERM.value, help="how to ask it to stop")
    parser.add_argument("--grace", type=float, default=10.0, help="seconds it has to stop by itself")
    parser.add_argument("--uid", type=int, help="user to run as (needs --gid and root)")
    parser.add_argument("--gid", type=int)
    parser.add_argument("--parent", type=int, help="process whose end ends the guard too")
    parser.add_argument("program", nargs="+")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Guard the program named in `arguments`; its exit code is ours."""
    options = parse(arguments)
    adopt_orphans()
    guard = Guard(options)  # blocks the signals first, so that none is lost from here on
    if options.parent is not None:
        follow_parent(options.parent, ORPHANED)
    return guard.run()


def _send(pid: int, signal_number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal_number)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
