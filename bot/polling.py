"""Fetching updates: confirmed only after they were handled, so that a killed bot gets them again.

The library's own updater confirms an update when the next one is fetched, handled or not, and it fetches for ever
the same batch when a single update in it cannot be parsed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.lanes import Lanes
from bot.sending import seconds_of

log = logging.getLogger(__name__)

KINDS = ["message", "callback_query"]
LONG_POLL = 20  # seconds
# A batch waits this long for its slowest update; that one goes on, confirmed.
PATIENCE = 10.0
BACKOFF_MAX = 30.0
# Between two polls that Telegram answered at once with nothing.
PAUSE = 0.5


class TolerantRequest(HTTPXRequest):
    """Puts an empty update in the place of one that cannot be parsed, so that it is confirmed like the others."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        body = HTTPXRequest.parse_json_payload(payload)
        if isinstance(body.get("result"), list):
            body["result"] = [item for raw in body["result"] if (item := usable(raw)) is not None]
        return body


def usable(raw: Any) -> dict[str, Any] | None:
    """`raw` if it is an update, an empty update if only its id can be read, else None."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if type(update_id) is not int:
        log.warning("ignored something that is not an update: %.300r", raw)
        return None
    try:
        Update.de_json(raw, None)
    except Exception as error:
        log.warning("ignored the malformed update %s (%r): %.300r", update_id, error, raw)
        return {"update_id": update_id}
    return dict(raw)


class Poller:
    """Fetches until told to stop. Updates of one chat are handled in order, chats beside each other."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], stopping: asyncio.Event
    ) -> None:
        self._application = application
        self._stopping = stopping
        self._offset: int | None = None
        self._lanes = Lanes()
        self._failures = 0

    async def run(self) -> None:
        """Raises InvalidToken; every other trouble with Telegram is waited out."""
        while not self._stopping.is_set():
            try:
                await self._round()
                self._failures = 0
            except InvalidToken:
                raise
            except Exception as error:
                await self._wait_out(error)
        await self._finish()

    async def _round(self) -> None:
        started = asyncio.get_running_loop().time()
        updates = await self._fetch(LONG_POLL)
        if updates:
            await self._handle(updates)
        elif asyncio.get_running_loop().time() - started < PAUSE:
            await self._sleep(PAUSE)

    async def _fetch(self, timeout: int) -> Sequence[Update]:
        """The next updates; none when it is time to stop."""
        poll = asyncio.ensure_future(
            self._application.bot.get_updates(offset=self._offset, timeout=timeout, allowed_updates=KINDS)
        )
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if poll.done():
            return poll.result()
        poll.cancel()
        return ()

    async def _handle(self, updates: Sequence[Update]) -> None:
        tasks = [self._lanes.start(_chat(update), self._process(update)) for update in updates]
        await asyncio.wait(tasks, timeout=PATIENCE)
        self._offset = max(update.update_id for update in updates) + 1

    async def _process(self, update: Update) -> None:
        try:
            await self._application.process_update(update)
        except Exception:
            log.exception("update %s could not be handled", update.update_id)

    async def _wait_out(self, error: Exception) -> None:
        self._failures += 1
        seconds = min(2.0 ** min(self._failures - 1, 10), BACKOFF_MAX)
        if isinstance(error, RetryAfter):
            seconds = seconds_of(error)
        if isinstance(error, Conflict):
            log.error(
                "another process polls with the same token; only one can. Trying again in %s s", seconds
            )
        elif isinstance(error, TelegramError):
            log.warning("no updates from Telegram, trying again in %s s: %s", seconds, error)
        else:
            log.error("no updates from Telegram, trying again in %s s", seconds, exc_info=error)
        await self._sleep(seconds)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _finish(self) -> None:
        """Let what has begun end, and confirm it."""
        await self._lanes.drain(PATIENCE)
        if self._offset is None:
            return
        try:
            await self._application.bot.get_updates(
                offset=self._offset, timeout=0, limit=1, allowed_updates=KINDS
            )
        except TelegramError as error:
            log.warning("the last updates may come again after the restart: %s", error)


def _chat(update: Update) -> int:
    return update.effective_chat.id if update.effective_chat else 0
