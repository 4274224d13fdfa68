"""The first process of a box: runs one program per request, measures it, kills what is left of it.

This file is copied into the box and started there by the host's `/usr/bin/python3` (3.9 or newer), so it
uses the standard library only and imports nothing of ours. It is process 1 of its pid namespace: the
learner's programs cannot signal it, and it is not dumpable, so they cannot read or trace it. It knows no
expected output. Requests and replies are JSON datagrams on one socket; files, standard input and output
travel beside them as descriptors, which a child never inherits.

A Python program runs in a fork of this warm interpreter: `serve` returns in the child only, and `run_script`
then behaves as `python3 solution.py` does, from a fresh `__main__` to the interpreter's exit.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import io
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from _socket import CMSG_SPACE, SCM_RIGHTS, SOL_SOCKET, socket  # `socket` itself costs 1 MB and 3 ms
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs each fork 0.1 ms of page tables
    from typing import Any

BOX = "/box"
WRITABLE = (BOX, "/tmp", "/dev/shm")  # noqa: S108 - the box's own, private ones
MAX_INODES = 4096
MAX_DEPTH = 16
MAX_FDS = 32
MAX_MESSAGE = 65536
POLL_SECONDS = 0.01
PR_SET_DUMPABLE = 4
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
CPUS = os.cpu_count() or 1
FAILED_TO_START = b"S"

LIBC = ctypes.CDLL(None)


class Script:
    """What a forked child is to run as `__main__`; it writes to `stage` when that does not compile."""

    def __init__(self, name: str, source: bytes, stage: int) -> None:
        self.name = name
        self.source = source
        self.stage = stage


class Spoiled(Exception):
    """The writable directories cannot be cleaned: this box must not serve another test."""


class Supervisor:
    """Serves the requests of one worker until its socket closes."""

    def __init__(self, control: socket) -> None:
        self.control = control
        self.files: dict[str, int] = {}
        self.statuses: dict[int, int] = {}
        self.spent = 0.0  # CPU seconds of the processes that have ended
        self.cpu = 0.0  # and of those that still run
        self.peak_kb = 0

    def serve(self) -> Script:
        """Answer requests for ever; returns in a forked child that must run a Python program."""
        self.send(hello())
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

    def send(self, message: dict[str, Any], *fds: int) -> None:
        """One reply; a worker that is gone ends this box."""
        rights = [(SOL_SOCKET, SCM_RIGHTS, struct.pack(f"{len(fds)}i", *fds))] if fds else []
        try:
            self.control.sendmsg([json.dumps(message).encode()], rights)
        except OSError:
            os._exit(0)

    def receive(self) -> tuple[dict[str, Any], list[int]]:
        """One request and its descriptors; the end of the socket ends this box."""
        data, rights, _, _ = self.control.recvmsg(MAX_MESSAGE, CMSG_SPACE(4 * MAX_FDS))
        if not data:
            os._exit(0)
        fds: list[int] = []
        for _, _, packed in rights:
            fds += struct.unpack(f"{len(packed) // 4}i", packed)
        for fd in fds:
            os.set_inheritable(fd, False)
        return json.loads(data), fds

    def load(self, names: list[str], fds: list[int]) -> None:
        """Keep the program's files; every run finds them fresh in the box."""
        for fd in self.files.values():
            os.close(fd)
        self.files = dict(zip(names, fds))  # noqa: B905 - `strict` is 3.10
        self.send({"loaded": len(self.files)})

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
            self.prepare(request["sealed"])
        except (Spoiled, OSError) as error:
            close_all(fds)
            self.send({"spoiled": str(error)})
            return None
        reading, stage = os.pipe()
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            return self.become(request, fds, stage)
        close_all([*fds, stage])
        stopped = self.watch(child, request, started)
        wall = time.monotonic() - started
        self.end_all()
        failed = os.read(reading, 1) == FAILED_TO_START
        os.close(reading)
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

    def prepare(self, sealed: str | None) -> None:
        """Clean the writable directories and lay out the program's files, but for the one run from its seal."""
        for path in WRITABLE:
            os.chmod(path, 0o700)
            wipe(path, MAX_DEPTH)
        for name, fd in self.files.items():
            if name == sealed:
                continue
            with open(os.path.join(BOX, name), "wb") as file:
                file.write(content(fd))

    def become(self, request: dict[str, Any], fds: list[int], stage: int) -> Script | None:
        """In the child: take on the program's standard streams, limits and identity, then start it."""
        os.setsid()
        for target in range(3):
            os.dup2(fds[target], target)
        LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        preferred_victim = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(preferred_victim, b"1000")
        os.chdir(BOX)
        for name, value in request["rlimits"].items():
            resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
        if request["script"]:
            source = content(self.files[request["script"]])
            self.control.detach()
            os.closerange(3, stage)
            os.closerange(stage + 1, 3 * MAX_FDS)
            return Script(request["script"], source, stage)
        self.execute(request, stage)
        return None

    def execute(self, request: dict[str, Any], stage: int) -> None:
        """Replace the child by the program. Never returns."""
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, programs expect the default
            signal.signal(ignored, signal.SIG_DFL)
        argv = request["argv"]
        try:
            if request["sealed"]:
                os.execve(self.files[request["sealed"]], argv, request["environment"])  # noqa: S606
            os.execvpe(argv[0], argv, request["environment"])  # noqa: S606
        except OSError as error:
            os.write(stage, FAILED_TO_START)
            os.write(2, f"cannot start {argv[0]}: {error.strerror}\n".encode())
        finally:
            os._exit(127)

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
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        self.reap(0)


def hello() -> dict[str, Any]:
    """What this box is, for the worker to check before it trusts it."""
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    kinds = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
    report = {
        "pid": os.getpid(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "address_kb": int(status["VmSize"].split()[0]),
        "status": {
            name: status.get(name, "").strip() for name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp")
        },
        "namespaces": {kind: os.stat("/proc/self/ns/" + kind).st_ino for kind in kinds},
    }
    report["hidden"] = LIBC.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
    return report


def usage(pid: int, shared: bool) -> tuple[float, int]:
    """CPU seconds (its ended children included) and kilobytes of a living process; zeros when it is gone."""
    try:
        cpu = time.clock_gettime((~pid << 3) | 2)  # CPUCLOCK_SCHED of the process: no rounding to ticks
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return cpu + (int(fields[13]) + int(fields[14])) / TICK, memory_kb_of(pid, int(fields[21]), shared)
    except (OSError, ValueError, IndexError):
        return 0.0, 0


def memory_kb_of(pid: int, pages: int, shared: bool) -> int:
    """Resident kilobytes; of pages that several processes share, this one's part only."""
    if shared:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):  # it made itself undumpable: then it pays in full
            pass
    return pages * PAGE // 1024


def written() -> tuple[int, int]:
    """Kilobytes and inodes in the writable directories; these are memory too."""
    kilobytes = inodes = 0
    for path in WRITABLE:
        found = os.statvfs(path)
        kilobytes += (found.f_blocks - found.f_bfree) * found.f_frsize // 1024
        inodes += found.f_files - found.f_ffree
    return kilobytes, inodes


def wipe(path: str, depth: int) -> None:
    """Empty a directory, following nothing. Raises Spoiled, or OSError, when it cannot."""
    with os.scandir(path) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            if depth == 0:
                raise Spoiled("a test left directories too deep to clean")
            os.chmod(entry.path, 0o700)
            wipe(entry.path, depth - 1)
            os.rmdir(entry.path)


def content(fd: int) -> bytes:
    """All bytes of a descriptor that the worker sent."""
    return os.pread(fd, os.fstat(fd).st_size, 0)


def close_all(fds: list[int]) -> None:
    """Close descriptors."""
    for fd in fds:
        os.close(fd)


def run_script(script: Script) -> None:
    """Run a learner's program as `__main__`; what it raises is shown without our frames. Never returns."""
    path = os.path.join(BOX, script.name)
    fresh_streams()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main = fresh_main(path)
    sys.argv[:] = [script.name]
    sys.path[0] = BOX
    try:
        code = compile(script.source, path, "exec", dont_inherit=True)
    except BaseException as error:
        os.write(script.stage, FAILED_TO_START)
        leave(uncaught(error, None), main)
    os.close(script.stage)
    try:
        exec(code, main)  # noqa: S102 - the whole purpose of the box
    except SystemExit as request:
        status = exit_status(request.code)
    except BaseException as error:
        status = uncaught(error, error.__traceback__.tb_next if error.__traceback__ else None)
    else:
        status = 0
    leave(status, main)


def exit_status(code: Any) -> int:
    """What `sys.exit(code)` means to the interpreter."""
    if code is None or isinstance(code, int):
        return (code or 0) & 0xFF
    print(code, file=sys.stderr)  # noqa: T201 - the learner's own words
    return 1


def uncaught(error: BaseException, trace: Any) -> int:
    """Report an exception as the interpreter does."""
    try:
        sys.excepthook(type(error), error.with_traceback(trace), trace)
    except BaseException as second:
        sys.__excepthook__(type(second), second, second.__traceback__)
        sys.__excepthook__(type(error), error, trace)
    return 130 if isinstance(error, KeyboardInterrupt) else 1


def leave(status: int, main: dict[str, Any]) -> None:
    """End as the interpreter does: wait for threads, run atexit, flush, finalise the program's own objects.

    The interpreter would then take itself apart too, object by object. In a fork each touch copies a page,
    which costs 5 ms a test and which no program can see; so we leave without it.
    """
    threading = sys.modules.get("threading")
    try:
        if threading is not None:
            threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except BaseException as error:
        sys.__excepthook__(type(error), error, error.__traceback__)
    flushed = flush()
    private = [name for name in main if name.startswith("_") and not name.startswith("__")]
    for name in private + [name for name in main if name != "__builtins__"]:
        main[name] = None
    gc.collect()
    os._exit(status if flush() and flushed else 120)


def flush() -> bool:
    """Write out what the standard streams still hold; False when that fails (the interpreter exits 120)."""
    try:
        for text in (sys.stdout, sys.stderr):
            if text is not None and not getattr(text, "closed", False):
                text.flush()
    except BaseException as error:
        with suppress(BaseException):
            sys.__excepthook__(type(error), error, None)
        return False
    return True


def fresh_streams() -> None:
    """Standard streams as the interpreter makes them at its start, over the new descriptors."""
    sys.stdin = sys.__stdin__ = stream(0, "r", "strict")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = stream(1, "w", "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = stream(2, "w", "backslashreplace")  # type: ignore[misc]


def stream(fd: int, mode: str, errors: str) -> io.TextIOWrapper:
    """A text stream over `fd` that leaves the descriptor open."""
    raw = io.open(fd, mode + "b", -1, closefd=False)  # noqa: UP020, SIM115
    raw.raw.name = ("<stdin>", "<stdout>", "<stderr>")[fd]  # type: ignore[attr-defined]
    text = io.TextIOWrapper(raw, encoding="utf-8", errors=errors, newline=None, line_buffering=fd == 2)
    text.mode = mode  # type: ignore[misc]
    return text


def fresh_main(path: str) -> dict[str, Any]:
    """The namespace of a new `__main__` module."""
    main = type(sys)("__main__")
    main.__dict__.update(__file__=path, __builtins__=__builtins__, __annotations__={}, __cached__=None)
    sys.modules["__main__"] = main
    return main.__dict__


def preload() -> None:
    """Import what learners' programs import most, and keep the collector away from it (cheaper forks)."""
    import bisect  # noqa: F401
    import collections  # noqa: F401
    import functools  # noqa: F401
    import heapq  # noqa: F401
    import itertools  # noqa: F401
    import math  # noqa: F401
    import string  # noqa: F401

    compile("print(1)", "<warm>", "exec")  # the first call in a process costs 2 ms
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a handler would let process 1 be signalled from inside
    preload()
    run_script(Supervisor(socket(fileno=int(sys.argv[1]))).serve())
