"""A forked child of the warm interpreter becomes a learner's Python program, from a fresh `__main__` to the end."""

from __future__ import annotations

import _signal  # `signal` costs 3 ms a box: it imports enum
import atexit
import gc
import io
import marshal
import os
import stat
import sys

from .files import BOX

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs each fork 0.1 ms of page tables
    from types import CodeType
    from typing import Any

FAILED_TO_START = b"S"
COMPILED = b"C"
MAX_CODE = 60000  # bytes that surely fit into a pipe
STREAMS = ((0, "r", "strict"), (1, "w", "strict"), (2, "w", "backslashreplace"))
IMPORTING = (b"import ", b"from ")
READY: list[io.TextIOWrapper] = []
PRELOADED = ("bisect", "collections", "functools", "heapq", "itertools", "math", "re", "string", "typing")


class Script:
    """What a forked child is to run as `__main__`: a source, and what an earlier run made of it.

    To `stage` the child writes what the source compiles to, before any of it runs, or that it does not.
    """

    def __init__(self, name: str, argv: list[str], source: bytes, stage: int, compiled: bytes | None) -> None:
        self.name = name
        self.argv = argv
        self.source = source
        self.stage = stage
        self.compiled = compiled

    def code(self) -> CodeType:
        """Raises what compiling raises."""
        if self.compiled is not None:
            return marshal.loads(self.compiled)  # type: ignore[no-any-return] # noqa: S302 - our own
        code = compile(self.source, os.path.join(BOX, self.name), "exec", dont_inherit=True)
        said = COMPILED + marshal.dumps(code)
        if len(said) <= MAX_CODE:
            os.write(self.stage, said)
        return code


def run_script(script: Script) -> None:
    """Run a learner's program as `__main__`; what it raises is shown without our frames. Never returns."""
    path = os.path.join(BOX, script.name)
    fresh_streams()
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    main = fresh_main(path)
    sys.argv[:] = script.argv
    sys.path[0] = BOX
    try:
        code = script.code()
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
        try:  # noqa: SIM105 - contextlib costs a box 0.5 ms
            sys.__excepthook__(type(error), error, None)
        except BaseException:  # noqa: S110 - nowhere is left to say it
            pass
        return False
    return True


def ready_streams() -> None:
    """Make the standard streams of Python programs ahead, over descriptors of the kinds that they will get.

    Making them in each fork takes a fifth of the time that a small test takes.
    """
    file = os.open(os.path.join(BOX, "stdin"), os.O_RDWR | os.O_CREAT)
    reading, writing = os.pipe()
    null = os.open(os.devnull, os.O_RDWR)
    for target, fd in enumerate((file, writing, writing)):
        os.dup2(fd, target)
    READY.extend(stream(fd, mode, errors) for fd, mode, errors in STREAMS)
    for target in range(3):
        os.dup2(null, target)
    for fd in (file, reading, writing, null):
        os.close(fd)


def fresh_streams() -> None:
    """Standard streams as the interpreter makes them at its start, over the new descriptors."""
    stdin, stdout, stderr = READY
    if not stat.S_ISREG(os.fstat(0).st_mode):
        stdin = stream(*STREAMS[0])
    sys.stdin = sys.__stdin__ = stdin  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = stdout  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = stderr  # type: ignore[misc]


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


def preload(wanted: bytes | None = None) -> None:
    """Import what programs import most, or what of it the source `wanted` imports; forks then find it there.

    The collector is kept away from all there is: what it touches a fork has to copy.
    """
    missing = [name for name in PRELOADED if name not in sys.modules]
    if wanted is not None:
        missing = [name for name in missing if any(word + name.encode() in wanted for word in IMPORTING)]
    for name in missing:
        __import__(name)
    if missing or not gc.get_freeze_count():
        compile("", "<warm>", "exec")  # the first call in a process makes 170 classes and costs 2 ms
        gc.collect()
        gc.freeze()
