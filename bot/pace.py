"""How fast the bot may speak: Telegram's limits for one process.

25 requests a second in all and one new message a second in each chat. With more than one process Telegram's own
429 is the arbiter until the limits are shared; each delivery is still sent by one process, because it is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.ext import AIORateLimiter

PER_SECOND = 25
CHATS_KEPT = 1000
NEW_MESSAGE = "sendMessage"


class Pace(AIORateLimiter):
    """Waits for its turn and leaves a 429 to the caller, who knows whether to wait or to let others go first."""

    def __init__(self) -> None:
        super().__init__(overall_max_rate=PER_SECOND, max_retries=0)
        self._chats: dict[int, AsyncLimiter] = {}

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        if endpoint == NEW_MESSAGE:
            await self._turn(int(data["chat_id"])).acquire()
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)

    def _turn(self, chat_id: int) -> AsyncLimiter:
        if len(self._chats) > CHATS_KEPT:
            self._chats = {chat: turn for chat, turn in self._chats.items() if not turn.has_capacity()}
        return self._chats.setdefault(chat_id, AsyncLimiter(1, 1))
