"""An event loop whose clock jumps to the next timer instead of waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _JumpingLoop(asyncio.SelectorEventLoop):
    _now = 1000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        if self._scheduled and not self._ready:
            # A little beyond, as a real clock is: who rounds must not wait for ever for the last bit.
            self._now = max(self._now, self._scheduled[0]._when) + 1e-6
        super()._run_once()


def run(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; its seconds take no time."""
    with asyncio.Runner(loop_factory=_JumpingLoop) as runner:
        return runner.run(work)
