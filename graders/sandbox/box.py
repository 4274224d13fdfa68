"""One box, seen from the worker: start it, check it, run programs in it, throw it away."""

from __future__ import annotations

import marshal
import os
import select
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.errors import GradingCancelled, InfrastructureError, SandboxUnavailable
from graders.sandbox.bwrap import Descriptors, bwrap_command
from graders.sandbox.cgroups import Group, new_group
from graders.sandbox.identity import lend_identity, stepping_down
from graders.sandbox.interpreter import Interpreter, inner_python
from graders.sandbox.memfd import sealed
from graders.sandbox.protocol import decoded, outcome_of, run_request
from graders.sandbox.seccomp import filter_program
from graders.sandbox.startup import supervisor_code
from graders.sandbox.streams import Capture
from graders.sandbox.values import Allowance, Command, Outcome, Stop
from graders.sandbox.walls import missing_walls

START_SECONDS = 20.0
GRACE_SECONDS = 10.0
MAX_REPLY = 65536
MARSHAL_VERSION = 2  # every Python 3 reads it


class BoxSpoiled(InfrastructureError):
    """A test left the box in a state that the next one must not see; take another box."""

    code = "box_spoiled"


class Box:
    """A sandbox for one submission. Not thread-safe, but for `cancel`, which any thread may call."""

    def __init__(self, python: Interpreter | None = None) -> None:
        """Begin to start a box; `wait_ready` finishes. Raises SandboxUnavailable."""
        self.cancelled = False
        self.ready = False
        self.address_kb = 0
        self.python_version = ""
        self._group: Group | None = new_group()
        self._identity = lend_identity()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the box
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._process = self._start(python or inner_python(), theirs)
            if self._group is not None:
                self._group.adopt(self._process.pid)
        except BaseException:
            theirs.close()
            self.abandon()
            if self._group is not None:
                self._group.remove()
            raise

    def _start(self, python: Interpreter, theirs: socket.socket) -> subprocess.Popen[bytes]:
        program = sealed(filter_program())
        code = sealed(supervisor_code(python))
        given = Descriptors(theirs.fileno(), program, code)
        fds = [theirs.fileno(), program, code]
        before, become = stepping_down(self._identity.uid)
        try:
            return subprocess.Popen(
                [*before, *bwrap_command(python, given)],
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                env={},
                start_new_session=True,
                **become,
            )
        except OSError as error:
            raise SandboxUnavailable(f"bubblewrap does not start: {error}") from error
        finally:
            theirs.close()
            for fd in fds[1:]:
                os.close(fd)

    def wait_ready(self) -> None:
        """Wait for the supervisor and check that every wall stands. Raises SandboxUnavailable."""
        if self.ready:
            return
        hello = self.greet()
        if faults := missing_walls(hello):
            raise SandboxUnavailable(f"The box lacks: {', '.join(faults)}. See `python -m graders doctor`.")
        if self._group is not None:
            self._group.adopt(self._process.pid)
        self.address_kb, self.python_version = hello["address_kb"], hello["python"]
        self.ready = True

    def greet(self) -> dict[str, Any]:
        """The supervisor's own report on the box, read once. Raises SandboxUnavailable with bubblewrap's words."""
        self._control.settimeout(START_SECONDS)
        try:
            data = self._control.recv(MAX_REPLY)
        except OSError:
            data = b""
        if not data:
            self._process.kill()
            self._log.seek(0)
            reason = self._log.read(2000).decode(errors="replace").strip() or "no word from the supervisor"
            raise self._ended(SandboxUnavailable(f"The sandbox does not start: {reason}"))
        return decoded(data)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def load(self, files: Mapping[str, bytes]) -> None:
        """Give the box the files that every later run finds, fresh, in its working directory."""
        fds = [sealed(data) for data in files.values()]
        try:
            self._request({"op": "load", "names": list(files)}, fds)
        finally:
            for fd in fds:
                os.close(fd)

    def run(
        self, command: Command, allowed: Allowance, stdin: bytes | int = b"", out: Capture | None = None
    ) -> Outcome:
        """Run one program to its end or to a limit. Raises BoxSpoiled, GradingCancelled, InfrastructureError.

        A descriptor as `stdin` is closed here; `out` replaces the plain capture of standard output.
        """
        if self._group is not None:
            self._group.allow(allowed)
        captures = [out or Capture(allowed.output_bytes), Capture(allowed.output_bytes)]
        if command.results:
            captures.append(Capture(command.results))
        try:
            self._request_run(command, allowed, stdin, captures)
            reply = self._follow(captures, time.monotonic() + allowed.wall_seconds + GRACE_SECONDS)
        finally:
            for capture in captures:
                capture.close()
        if "spoiled" in reply:
            raise BoxSpoiled(reply["spoiled"])
        outcome = outcome_of(reply, captures)
        if self._group is not None and self._group.ran_out_of_memory():
            return replace(outcome, stopped=Stop.MEMORY)
        return outcome

    def _request_run(
        self, command: Command, allowed: Allowance, stdin: bytes | int, captures: Sequence[Capture]
    ) -> None:
        source = stdin if isinstance(stdin, int) else sealed(stdin)
        for capture in captures:
            capture.give_to(self._identity.uid)
        try:
            self._request(run_request(command, allowed), [source, *(c.writing for c in captures)])
        finally:
            os.close(source)
            for capture in captures:
                capture.close_writing()

    def _follow(self, captures: Sequence[Capture], deadline: float) -> dict[str, Any]:
        """Read the program's output until the supervisor reports its end."""
        poller = select.poll()
        by_fd = {capture.reading: capture for capture in captures}
        for fd in (self._control.fileno(), *by_fd):
            poller.register(fd, select.POLLIN)
        told = False
        while time.monotonic() < deadline:
            for fd, _ in poller.poll(1000):
                if fd not in by_fd:
                    return self._last_reply(captures)
                if by_fd[fd].read_some():
                    poller.unregister(fd)
            if not told and any(capture.overflowed for capture in captures):
                told = True
                self._request({"op": "stop", "why": Stop.OUTPUT.value}, [])
        self._process.kill()
        raise self._ended(InfrastructureError("The supervisor of a box stopped answering."))

    def _last_reply(self, captures: Sequence[Capture]) -> dict[str, Any]:
        reply = self._reply(GRACE_SECONDS)
        for capture in captures:
            capture.read_rest()
        return reply

    def collect(self, name: str, limit: int) -> bytes | None:
        """The bytes of a plain file that the last run left, or None. Follows nothing, reads `limit` at most."""
        self._request({"op": "collect", "name": name}, [])
        reply, fds = self._receive(GRACE_SECONDS)
        try:
            return _plain_file(fds[0], limit) if "error" not in reply and fds else None
        finally:
            for fd in fds:
                os.close(fd)

    def cancel(self) -> None:
        """Kill the box; whoever waits for it gets GradingCancelled. Safe from any thread."""
        self.cancelled = True
        self._process.kill()

    def kill(self) -> None:
        """End the box and everything in it now; `finish` collects the remains."""
        self._process.kill()
        self._control.close()

    def abandon(self) -> None:
        """Close our descriptors and leave the box alone: in a forked child it is the parent's."""
        self._control.close()
        self._log.close()
        self._identity.close()
        if self._group is not None:
            self._group.close()

    def finish(self, *, wait: bool) -> bool:
        """Collect a killed box; False while it is still dying (only when not waiting)."""
        if wait:
            self._process.wait()
        elif self._process.poll() is None:
            return False
        self._log.close()
        self._identity.close()
        if self._group is not None:
            self._group.remove()
        return True

    def _request(self, message: dict[str, Any], fds: list[int]) -> None:
        if self.cancelled:  # the supervisor outlives bubblewrap for a moment
            raise GradingCancelled()
        try:
            socket.send_fds(self._control, [marshal.dumps(message, MARSHAL_VERSION)], fds)
        except OSError as error:
            raise self._ended(InfrastructureError(f"A box is gone: {error}")) from error

    def _reply(self, seconds: float) -> dict[str, Any]:
        reply, fds = self._receive(seconds)
        for fd in fds:
            os.close(fd)
        return reply

    def _receive(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        self._control.settimeout(seconds)
        try:
            data, fds, _, _ = socket.recv_fds(self._control, MAX_REPLY, 4)
        except OSError as error:
            raise self._ended(InfrastructureError(f"A box does not answer: {error}")) from error
        if not data:
            raise self._ended(InfrastructureError("A box died while it graded."))
        return decoded(data), fds

    def _ended(self, otherwise: InfrastructureError) -> InfrastructureError | GradingCancelled:
        return GradingCancelled() if self.cancelled else otherwise


def _plain_file(fd: int, limit: int) -> bytes | None:
    found = os.fstat(fd)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or found.st_size > limit:
        return None
    return os.pread(fd, limit, 0)
