"""The warm pool: started, unused boxes of this process, each for exactly one submission.

One keeper thread starts every box. It has to: a box dies with the *thread* that started it (that is how the
kernel counts parents), and the keeper lives as long as the process. A forked child (Celery's prefork) begins
with an empty pool of its own.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.errors import GradingCancelled, SandboxUnavailable
from graders.sandbox.box import Box
from graders.sandbox.cgroups import sweep

IDLE_BOXES = 2
WAIT_SECONDS = 60.0
TRIES = 3


class Pool:
    """Boxes of one process. `borrow` from any thread."""

    def __init__(self, idle: int = IDLE_BOXES) -> None:
        self._target = idle
        self._idle: deque[Box] = deque()
        self._running: set[Box] = set()
        self._dying: list[Box] = []
        self._wanted = 0
        self._error: Exception | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._keeper = threading.Thread(target=self._keep, name="sandbox-keeper", daemon=True)
        self._keeper.start()

    @contextmanager
    def borrow(self) -> Iterator[Box]:
        """A checked, unused box; destroyed afterwards whatever happens. Raises SandboxUnavailable."""
        box = self._take()
        try:
            yield box
        finally:
            self._destroy(box)

    def warm_up(self) -> None:
        """Wait until the idle boxes are ready: for a worker's start. Raises SandboxUnavailable."""
        with self._changed:
            self._error = None
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: len(self._idle) >= self._target or self._error or self._closed, WAIT_SECONDS
            )
            if self._error:
                raise self._error

    def _take(self) -> Box:
        for _ in range(TRIES):
            box = self._next()
            if box.alive:
                return box
            self._destroy(box)
            if box.cancelled:
                raise GradingCancelled()
        raise SandboxUnavailable("Boxes die before they are used; see `python -m graders doctor`.")

    def _next(self) -> Box:
        with self._changed:
            self._error = None
            self._wanted += 1
            self._changed.notify_all()
            try:
                found = self._changed.wait_for(
                    lambda: self._idle or self._error or self._closed, WAIT_SECONDS
                )
                if self._error:
                    raise self._error
                if not found or self._closed:
                    raise SandboxUnavailable("No box became ready in time.")
                box = self._idle.popleft()
                self._running.add(box)
                return box
            finally:
                self._wanted -= 1

    def _destroy(self, box: Box) -> None:
        box.kill()
        with self._changed:
            self._running.discard(box)
            if not self._closed:
                self._dying.append(box)
                self._changed.notify_all()
                return
        box.finish(wait=True)

    def kill_running(self) -> int:
        """Cancel the boxes at work; how many there were."""
        with self._changed:
            running = list(self._running)
        for box in running:
            box.cancel()
        return len(running)

    def abandon(self) -> None:
        """In a forked child: let go of the parent's boxes without touching them."""
        for box in [*self._idle, *self._running, *self._dying]:
            box.abandon()

    def close(self) -> None:
        """Destroy all boxes and wait until they are gone."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._keeper.join(timeout=10)
        for box in [*self._idle, *self._running]:
            box.kill()
            self._dying.append(box)
        while self._dying:
            self._dying.pop().finish(wait=True)
        sweep()

    def _keep(self) -> None:
        sweep()  # what another process of this worker left, if it was killed and we replace it
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._dying or self._short)
                if self._closed:
                    return
                dying, self._dying = self._dying, []
            self._start_one()
            self._bury(dying)

    @property
    def _short(self) -> bool:
        """Whether to start a box now. While a submission runs, only the last idle box is worth disturbing it."""
        target = 1 if self._running else self._target
        return not self._error and len(self._idle) < max(target, self._wanted)

    def _bury(self, dying: list[Box]) -> None:
        for box in dying:
            box.finish(wait=True)

    def _start_one(self) -> None:
        with self._changed:
            if not self._short:
                return
        box, error = _ready_box()
        with self._changed:
            self._error = error
            if box:
                self._idle.append(box)
            self._changed.notify_all()


def _ready_box() -> tuple[Box | None, Exception | None]:
    """A started and checked box, or why there is none."""
    began = time.perf_counter()
    try:
        box = Box()
    except Exception as error:
        return None, error
    try:
        box.wait_ready()
    except Exception as error:
        box.kill()
        box.finish(wait=True)
        return None, error
    if _tell_start is not None:
        _tell_start(time.perf_counter() - began)
    return box, None


def watch_starts(tell: Callable[[float], None] | None) -> None:
    """From now on `tell` hears how many seconds each box took to start, also in children that are forked later."""
    global _tell_start
    _tell_start = tell


_tell_start: Callable[[float], None] | None = None
_pool: Pool | None = None
_inherited: list[Pool] = []  # a parent's pools, kept so that nothing of them is finalised here
_lock = threading.Lock()


def pool() -> Pool:
    """The pool of this process, made on first use."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = Pool()
        return _pool


def kill_running() -> int:
    """Kill every box at work in this process: its generator raises GradingCancelled. Returns how many.

    A submission between two boxes is missed: call again until grading has ended.
    """
    return _pool.kill_running() if _pool is not None else 0


def close_pool() -> None:
    """Destroy this process's boxes; a later submission starts a new pool."""
    global _pool
    with _lock:
        closing, _pool = _pool, None
    if closing is not None:
        closing.close()


def _forget() -> None:
    """In a forked child: the parent's boxes and its keeper thread are not ours."""
    global _pool, _lock
    if _pool is not None:
        _pool.abandon()
        _inherited.append(_pool)
    _pool, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
atexit.register(close_pool)
