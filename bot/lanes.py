"""Work in lanes: in order within one lane, beside each other in different ones."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Hashable
from typing import Any


class Lanes:
    """Each key is a lane. The work itself must not raise: nobody reads what it returns."""

    def __init__(self) -> None:
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._lengths: Counter[Hashable] = Counter()

    def __len__(self) -> int:
        """How much has begun or waits."""
        return len(self._running)

    def length(self, key: Hashable) -> int:
        """How much has begun or waits in this lane."""
        return self._lengths[key]

    def start(self, key: Hashable, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do `work` once everything that was started in its lane has ended."""
        task = asyncio.create_task(_after(self._last.get(key), work))
        self._last[key] = task
        self._running.add(task)
        self._lengths[key] += 1
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for all that was started, at most so long."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    def _forget(self, key: Hashable, done: asyncio.Task[None]) -> None:
        self._running.discard(done)
        self._lengths[key] -= 1
        if not self._lengths[key]:
            del self._lengths[key]
        if self._last.get(key) is done:
            del self._last[key]


async def _after(before: asyncio.Task[None] | None, work: Coroutine[Any, Any, None]) -> None:
    if before:
        await asyncio.wait({before})
    await work
