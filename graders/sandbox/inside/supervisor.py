"""The first process of a box: runs one program per request, measures it, kills what is left of it.

This package is copied into the box and started there by the host's `/usr/bin/python3` (3.9 or newer), so it
uses the standard library only, and of ours only its siblings. It is process 1 of its pid namespace: the
learner's programs cannot signal it, and it is not dumpable, so they cannot read or trace it. It knows no
expected output. Requests (marshalled: the worker is trusted) and replies (JSON: we are not) are datagrams on one
socket; files, standard input and output travel beside them as descriptors, which a child never inherits but for
the streams it is meant to have. What it imports every box pays for, so it imports little: no json, no signal.

Programs are spawned, but a Python program runs in a fork of this warm interpreter: `serve` returns in the child
only, and `run_script` then behaves as `python3 solution.py` does, from a fresh `__main__` to the interpreter's exit.
"""

from __future__ import annotations

import _signal
import marshal
import os
import resource
import select
import struct
import time
from _socket import (
    CMSG_SPACE,
    MSG_CMSG_CLOEXEC,
    SCM_RIGHTS,
    SOL_SOCKET,
    socket,
)  # `socket` itself costs 1 MB and 3 ms

from .files import BOX, Spoiled, clean, content
from .json import encoded
from .measure import hello, set_dumpable, usage, written
from .script import COMPILED, FAILED_TO_START, MAX_CODE, Script, preload, ready_streams, run_script

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs each fork 0.1 ms of page tables
    from typing import Any

MAX_INODES = 4096
MAX_FDS = 32
MAX_DESCRIPTOR = 256
MAX_MESSAGE = 65536
RESULTS = 3
NOBODY = -1
IGNORED = (_signal.SIGPIPE, _signal.SIGXFSZ)  # by Python; programs expect the default
ONLY_SOFT = ("CPU", "STACK")
POLL_SECONDS = 0.01
IDLE_SECONDS = 0.05  # a box that waits so long has time to import what its program may want
CPUS = os.cpu_count() or 1


class Supervisor:
    """Serves the requests of one worker until its socket closes."""

    def __init__(self, control: socket) -> None:
        self.control = control
        self.files: dict[str, int] = {}
        self.limits: dict[str, int] = {}  # our own, for the programs that inherit them
        self.compiled: dict[str, bytes] = {}  # of the present files
        self.imported = False  # what the present files import
        self.statuses: dict[int, int] = {}
        self.spent = 0.0  # CPU seconds of the processes that have ended
        self.cpu = 0.0  # and of those that still run
        self.peak_kb = 0

    def serve(self) -> Script:
        """Answer requests for ever; returns in a forked child that must run a Python program."""
        self.send(hello())
        preload(b"")
        if not self.waiting(IDLE_SECONDS):
            preload()
        while True:
            request, fds = self.receive()
            if request["op"] == "load":
                self.load(request["names"], fds)
            elif request["op"] == "collect":
                self.collect(request["name"])
            elif request["op"] == "run":
                script = self.run(request, fds)
                if script is not None:
                    return script

    def waiting(self, seconds: float) -> bool:
        """Whether a request comes within that time."""
        return bool(select.select([self.control], [], [], seconds)[0])

    def send(self, message: dict[str, Any], *fds: int) -> None:
        """One reply; a worker that is gone ends this box."""
        rights = [(SOL_SOCKET, SCM_RIGHTS, struct.pack(f"{len(fds)}i", *fds))] if fds else []
        try:
            self.control.sendmsg([encoded(message)], rights)
        except OSError:
            os._exit(0)

    def receive(self) -> tuple[dict[str, Any], list[int]]:
        """One request and its descriptors; the end of the socket ends this box."""
        data, rights, _, _ = self.control.recvmsg(MAX_MESSAGE, CMSG_SPACE(4 * MAX_FDS), MSG_CMSG_CLOEXEC)
        if not data:
            os._exit(0)
        fds: list[int] = []
        for _, _, packed in rights:
            fds += struct.unpack(f"{len(packed) // 4}i", packed)
        return marshal.loads(data), fds  # noqa: S302 - the worker's own words

    def load(self, names: list[str], fds: list[int]) -> None:
        """Keep the program's files; every run finds them fresh in the box."""
        for fd in self.files.values():
            os.close(fd)
        self.compiled, self.imported = {}, False
        self.files = dict(zip(names, fds))  # noqa: B905 - `strict` is 3.10

    def collect(self, name: str) -> None:
        """Hand out a file that the last run left: a plain one with a single name, never a link."""
        try:
            fd = os.open(os.path.join(BOX, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            return self.send({"error": os.strerror(error.errno or 0)})
        self.send({"size": os.fstat(fd).st_size}, fd)
        return os.close(fd)

    def run(self, request: dict[str, Any], fds: list[int]) -> Script | None:
        """Run one program and reply with what it used. Returns a script in the child, None here."""
        self.statuses, self.spent, self.cpu, self.peak_kb = {}, 0.0, 0.0, 0
        try:
            self.prepare(request)
            if not request["script"]:
                self.limit_ourselves(request["rlimits"])
        except (Spoiled, OSError, ValueError) as error:
            close_all(fds)
            self.send({"spoiled": str(error)})
            return None
        reading, stage = os.pipe()
        started = time.monotonic()
        child = os.fork() if request["script"] else self.spawn(request, fds, stage)
        if child == 0:
            return self.become(request, fds, stage)
        close_all([*fds, stage])
        stopped = self.watch(child, request, started) if child != NOBODY else None
        wall = time.monotonic() - started
        self.end_all()
        failed = self.hear(reading, request["script"])
        self.send(
            {
                "status": self.statuses[child],
                "cpu": self.spent,
                "wall": wall,
                "peak_kb": self.peak_kb,
                "stopped": stopped,
                "failed_to_start": failed,
            }
        )
        return None

    def hear(self, reading: int, script: str | None) -> bool:
        """Whether the program failed to start; else what its source compiled to is kept for the next run."""
        said = os.read(reading, MAX_CODE + 1)
        os.close(reading)
        if script and said[:1] == COMPILED:
            self.compiled[script] = said[1:]
        return said == FAILED_TO_START

    def prepare(self, request: dict[str, Any]) -> None:
        """Clean the writable directories and lay out the program's files, but for the one run from its seal."""
        clean()
        if request["script"] and not self.imported:
            self.imported = True
            preload(b"".join(content(fd) for fd in self.files.values()))
        for name, fd in self.files.items():
            if name == request["sealed"]:
                continue
            with open(os.path.join(BOX, name), "wb") as file:
                file.write(content(fd))

    def become(self, request: dict[str, Any], fds: list[int], stage: int) -> Script:
        """In the child: take on the program's standard streams, limits and identity."""
        os.setsid()
        for target, fd in enumerate(fds):
            os.dup2(fd, target)
        set_dumpable(True)
        prefer_as_victim("self")
        os.chdir(BOX)
        for limit in request["rlimits"].items():
            set_limit(*limit)
        name = request["script"]
        source = content(self.files[name])
        self.control.detach()
        os.closerange(len(fds), stage)
        os.closerange(stage + 1, MAX_DESCRIPTOR)
        return Script(name, request["argv"], source, stage, self.compiled.get(name))

    def spawn(self, request: dict[str, Any], fds: list[int], stage: int) -> int:
        """Start another program than ours; its process, or NOBODY when it does not start.

        A fork would copy this interpreter only to throw it away, which takes longer than many a program runs:
        posix_spawn does not. But it cannot set limits, so the program inherits ours.
        """
        argv, sealed = request["argv"], request["sealed"]
        try:
            child = os.posix_spawnp(
                f"/proc/self/fd/{self.files[sealed]}" if sealed else argv[0],
                argv,
                request["environment"],
                file_actions=[(os.POSIX_SPAWN_DUP2, fd, target) for target, fd in enumerate(fds)],
                setsid=True,
                setsigdef=IGNORED,
            )
        except OSError as error:
            os.write(stage, FAILED_TO_START)
            os.write(fds[2], f"cannot start {argv[0]}: {error.strerror}\n".encode())
            self.statuses[NOBODY] = 127 << 8
            return NOBODY
        prefer_as_victim(str(child))
        return child

    def limit_ourselves(self, rlimits: dict[str, int]) -> None:
        """Take on the limits of the next program. Raises ValueError or Spoiled when earlier ones were lower."""
        if rlimits == self.limits:
            return
        if not rlimits.keys() >= self.limits.keys():
            raise Spoiled("this box is under a limit that the next program must not have")
        for limit in rlimits.items():
            set_limit(*limit)
        self.limits = rlimits

    def watch(self, child: int, request: dict[str, Any], started: float) -> str | None:
        """Wait for the child's end or for a limit; the name of the limit that was passed, else None."""
        pidfd = os.pidfd_open(child)
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        poller.register(self.control.fileno(), select.POLLIN)
        try:
            while True:
                left = started + request["wall"] - time.monotonic()
                pause = min(POLL_SECONDS, left, max(request["cpu"] - self.cpu, 0) / CPUS)
                ready = [fd for fd, _ in poller.poll(max(1, pause * 1000))]
                if self.control.fileno() in ready:
                    return str(self.receive()[0]["why"])
                if pidfd in ready:
                    return None
                stopped = self.passed_limit(request, left)
                if stopped:
                    return stopped
        finally:
            os.close(pidfd)

    def passed_limit(self, request: dict[str, Any], left: float) -> str | None:
        """The limit that the living processes have passed together, if any."""
        self.reap(os.WNOHANG)
        self.cpu, memory_kb = self.spent, 0
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        for pid in pids:
            seconds, kilobytes = usage(pid, len(pids) > 1)
            self.cpu, memory_kb = self.cpu + seconds, memory_kb + kilobytes
        files_kb, inodes = written()
        self.peak_kb = max(self.peak_kb, memory_kb + files_kb)
        if self.cpu >= request["cpu"]:
            return "cpu"
        if left <= 0:
            return "wall"
        if memory_kb + files_kb > request["memory_kb"]:
            return "memory"
        return "files" if inodes > MAX_INODES else None

    def reap(self, flags: int) -> None:
        """Collect the processes that have ended; orphans come to us, being process 1."""
        while True:
            try:
                pid, status, used = os.wait4(-1, flags)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.statuses[pid] = status
            self.spent += used.ru_utime + used.ru_stime
            self.peak_kb = max(self.peak_kb, used.ru_maxrss)

    def end_all(self) -> None:
        """Kill every other process of the box and wait for their end."""
        try:  # noqa: SIM105 - contextlib costs a box 0.5 ms
            os.kill(-1, _signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.reap(0)


def set_limit(name: str, value: int) -> None:
    """Soft and hard, so that no program can lift it; but what would end ourselves, or is no danger, only soft."""
    kind = getattr(resource, "RLIMIT_" + name)
    hard = resource.getrlimit(kind)[1] if name in ONLY_SOFT else value
    resource.setrlimit(kind, (value, hard))


def prefer_as_victim(pid: str) -> None:
    """Let the kernel kill this process, not us, when memory runs out; nothing when it has ended already."""
    try:
        file = os.open(f"/proc/{pid}/oom_score_adj", os.O_WRONLY)
    except OSError:
        return
    try:  # noqa: SIM105 - contextlib costs a box 0.5 ms
        os.write(file, b"1000")
    except OSError:
        pass
    os.close(file)


def close_all(fds: list[int]) -> None:
    """Close descriptors."""
    for fd in fds:
        os.close(fd)


def reserve_results(control: int) -> int:
    """Keep descriptor RESULTS free for the programs' third stream; the control descriptor, moved out of its way."""
    if control == RESULTS:
        control = os.dup(control)
    null = os.open("/dev/null", os.O_RDONLY)
    if null != RESULTS:
        os.dup2(null, RESULTS, inheritable=False)
        os.close(null)
    return control


def main(control: int, own_code: int) -> None:
    """Serve the worker at the other end of descriptor `control`; `own_code` is where we were read from."""
    ready_streams()
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # a handler would let process 1 be signalled from inside
    os.close(own_code)
    os.set_inheritable(control, False)  # bubblewrap handed it down; no program of a learner's may have it
    run_script(Supervisor(socket(fileno=reserve_results(control))).serve())
