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
from bot.language import speak
from bot.messages.sentences import TOO_MUCH
from bot.sending import seconds_of
from core.logs import bind_context

log = logging.getLogger(__name__)

KINDS = ["message", "callback_query"]
LONG_POLL = 20  # seconds
# An update that takes longer than this (seconds) is given up.
GIVE_UP = 150.0
# At the end, what has begun may take so long (seconds).
PATIENCE = 10.0
BACKOFF_MAX = 30.0
# Between two polls that Telegram answers at once: with nothing, or with what is being handled (seconds).
PAUSE = 0.5
# So many updates of one chat may wait. Telegram gives a hundred at a time: a flood must not be all of them for long.
MOST_WAITING = 8


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
        log.warning("ignored something that is not an update, a %s", type(raw).__name__)
        return None
    try:
        Update.de_json(raw, None)
    except Exception as error:
        log.warning("ignored the malformed update %s (%r) with %s", update_id, error, sorted(raw))
        return {"update_id": update_id}
    return dict(raw)


class Poller:
    """Fetches until told to stop. Updates of one chat are handled in order, chats beside each other.

    While an update is being handled, Telegram gives it again with what is new; so none that is unfinished is ever
    confirmed, and a slow one (it waits for a flood limit, say) holds up nobody else.
    """

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], stopping: asyncio.Event
    ) -> None:
        self._application = application
        self._stopping = stopping
        self._lanes = Lanes()
        # The handling of each update that is not confirmed yet.
        self._fetched: dict[int, asyncio.Task[None]] = {}
        self._next: int | None = None
        self._failures = 0
        # Chats that were told that they send too fast.
        self._told: set[int] = set()

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
        updates = await self._fetch(0 if self._unfinished() else LONG_POLL)
        for update in updates:
            if update.update_id not in self._fetched:
                self._begin(update)
        if unfinished := self._unfinished():
            await asyncio.wait(unfinished.values(), timeout=PAUSE)
        elif not updates and asyncio.get_running_loop().time() - started < PAUSE:
            await self._sleep(PAUSE)

    async def _fetch(self, timeout: int) -> Sequence[Update]:
        """Everything unconfirmed; nothing when it is time to stop."""
        poll = asyncio.ensure_future(
            self._application.bot.get_updates(offset=self._offset(), timeout=timeout, allowed_updates=KINDS)
        )
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({poll, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if poll.done():
            return poll.result()
        poll.cancel()
        return ()

    def _begin(self, update: Update) -> None:
        chat_id = _chat(update)
        if not chat_id or self._lanes.length(chat_id) < MOST_WAITING:
            task = self._lanes.start(chat_id, self._process(update))
        else:
            task = self._lanes.start(("skipped", chat_id), self._skip(chat_id))
        self._fetched[update.update_id] = task
        self._next = update.update_id + 1

    async def _process(self, update: Update) -> None:
        bind_context(request_id=f"tg-{update.update_id}")  # of this task: each update has one
        speak(update)
        try:
            await asyncio.wait_for(self._application.process_update(update), GIVE_UP)
        except Exception:
            log.exception("update %s could not be handled", update.update_id)
        else:
            log.info("update %s was handled", update.update_id)

    async def _skip(self, chat_id: int) -> None:
        """Leave an update unread, and say so once for as long as the chat's lane is full."""
        if chat_id in self._told:
            return
        self._told.add(chat_id)
        log.warning("chat %s sends faster than it is answered; some of its messages are skipped", chat_id)
        try:
            await self._application.bot.send_message(chat_id, TOO_MUCH)
        except TelegramError as error:
            log.warning("chat %s could not be told that it sends too fast: %s", chat_id, error)

    def _unfinished(self) -> dict[int, asyncio.Task[None]]:
        return {update_id: task for update_id, task in self._fetched.items() if not task.done()}

    def _offset(self) -> int | None:
        """Confirms what lies below the oldest unfinished update, and forgets it."""
        self._told = {chat_id for chat_id in self._told if self._lanes.length(chat_id) >= MOST_WAITING}
        offset = min(self._unfinished(), default=self._next)
        self._fetched = {
            update_id: task for update_id, task in self._fetched.items() if update_id >= (offset or 0)
        }
        return offset

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
        if (offset := self._offset()) is None:
            return
        try:
            await self._application.bot.get_updates(offset=offset, timeout=0, limit=1, allowed_updates=KINDS)
        except TelegramError as error:
            log.warning("the last updates may come again after the restart: %s", error)


def _chat(update: Update) -> int:
    return update.effective_chat.id if update.effective_chat else 0
