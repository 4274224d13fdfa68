"""Sends the deliveries: at least once, in order for each chat, with nothing lost when the bot is killed.

A claim lasts 60 s. Killed between claim and send, the delivery is due again after that; killed between send and
mark, it is sent twice, which for an edit makes no difference. Other processes skip claimed rows.
"""

from __future__ import annotations

import asyncio
import logging
import time
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.lanes import Lanes
from bot.outgoing import Outgoing, outgoing
from bot.runtime import Runtime
from bot.sending import edit, is_lost, say, seconds_of
from core.bus import BusUnavailable
from core.logs import bind_context
from core.models.event import Delivery
from core.services.deliveries import (
    CLAIM,
    TO_TELEGRAM,
    claim_deliveries,
    mark_dead,
    mark_failed,
    mark_sent,
)
from core.services.telegram import close_in_chat
from core.tallies import SENT, TALLIES
from core.words import Channel

log = logging.getLogger(__name__)

INTERVAL = 0.5
IN_FLIGHT = 50
# What waited longer for its chat's turn is left to the next claim; the rest is for sending it.
STALE = CLAIM.total_seconds() / 2
BACKOFF_MAX = 300.0


class Notifier:
    """One loop per process; see the module's docstring for what it promises."""

    def __init__(self, bot: Bot, runtime: Runtime, stopping: asyncio.Event) -> None:
        self._bot, self._runtime, self._stopping = bot, runtime, stopping
        self._news = asyncio.Event()
        self._lanes = Lanes()
        self._blind = False

    async def run(self) -> None:
        """Until told to stop; then what is being sent is finished."""
        listener = Thread(target=self._listen, args=(asyncio.get_running_loop(),), name="bus", daemon=True)
        listener.start()
        while not self._stopping.is_set():
            if not await self._claim():
                await self._wait()
        await self._lanes.drain(10)

    async def _claim(self) -> bool:
        """Begin to send what is due. False: there is nothing to do for now."""
        room = IN_FLIGHT - len(self._lanes)
        if room <= 0:
            return False
        try:
            due = await asyncio.to_thread(self._due, min(room, 20))
        except SQLAlchemyError as error:
            if not self._blind:
                log.error("deliveries wait for the database: %s", error)
            self._blind = True
            return False
        self._blind = False
        claimed_at = asyncio.get_running_loop().time()
        for delivery in due:
            self._lanes.start(delivery.target, self._deliver(delivery, claimed_at))
        return bool(due)

    async def _deliver(self, delivery: Delivery, claimed_at: float) -> None:
        if asyncio.get_running_loop().time() - claimed_at < STALE:
            await self._attempt(delivery)

    async def _attempt(self, delivery: Delivery) -> None:
        try:
            what = await asyncio.to_thread(self._read, delivery)
            if what:
                bind_context(submission_id=what.submission_id, request_id=what.request_id)
                await self._send(what)
            await asyncio.to_thread(self._mark_sent, delivery, what)
            log.info("delivery %s was sent", delivery.id)
            TALLIES.count(SENT, channel=delivery.channel.value)
        except SQLAlchemyError as error:
            log.error("delivery %s comes again, its row could not be written: %s", delivery.id, error)
        except Exception as error:
            await self._failed(delivery, error)

    async def _send(self, what: Outgoing) -> None:
        if what.replaces and await edit(self._bot, what.chat_id, what.replaces, what.message):
            return
        await say(self._bot, what.chat_id, what.message)

    async def _failed(self, delivery: Delivery, error: Exception) -> None:
        log.warning("delivery %s, try %s: %s: %s", delivery.id, delivery.tries, type(error).__name__, error)
        try:
            await asyncio.to_thread(self._mark_failed, delivery, error)
        except SQLAlchemyError as second:
            log.error("delivery %s comes again when its claim ends: %s", delivery.id, second)

    def _due(self, limit: int) -> list[Delivery]:
        with self._runtime.sessions.begin() as session:
            return list(claim_deliveries(session, Channel.TELEGRAM, limit))

    def _read(self, delivery: Delivery) -> Outgoing | None:
        with self._runtime.sessions() as session:
            return outgoing(session, delivery)

    def _mark_sent(self, delivery: Delivery, what: Outgoing | None) -> None:
        with self._runtime.sessions.begin() as session:
            mark_sent(session, delivery.id)
            if what and what.solved:
                close_in_chat(session, what.chat_id, what.solved)

    def _mark_failed(self, delivery: Delivery, error: Exception) -> None:
        with self._runtime.sessions.begin() as session:
            if is_lost(error):
                mark_dead(session, delivery.id, str(error))
            else:
                mark_failed(session, delivery, str(error), retry_after=_retry_after(delivery, error))

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), INTERVAL)
        except TimeoutError:
            return
        finally:
            self._news.clear()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread of its own: the live bus says at once that there is something to send."""
        while not self._stopping.is_set():
            try:
                for messages in self._runtime.bus.listen():
                    if self._stopping.is_set():
                        return
                    if any(message.event.get("type") in TO_TELEGRAM for message in messages):
                        loop.call_soon_threadsafe(self._news.set)
            except BusUnavailable:
                time.sleep(1)  # the rows are found without the bus, a little later
            except RuntimeError:  # the loop is closed: the process ends
                return


def _retry_after(delivery: Delivery, error: Exception) -> float | None:
    """When the way is open again: as Telegram says, or soon when it cannot be reached. None: the message is refused."""
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return min(2.0 ** min(delivery.tries - 1, 10), BACKOFF_MAX)
    return None
