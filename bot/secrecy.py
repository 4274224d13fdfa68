"""Keeps the bot's token out of the logs: it is part of every address that the bot calls."""

from __future__ import annotations

import logging

HIDDEN = "<token>"


class Discreet(logging.Formatter):
    """Formats as `inner` does, without the token."""

    def __init__(self, inner: logging.Formatter, token: str) -> None:
        super().__init__()
        self._inner, self._token = inner, token

    def format(self, record: logging.LogRecord) -> str:
        return self._inner.format(record).replace(self._token, HIDDEN)


def keep_secret(token: str) -> None:
    """Hide `token` in whatever the root logger's handlers write from now on; silence who logs each address."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Discreet(handler.formatter or logging.Formatter(), token))
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It logs a 429 as an error with a stack, before we decide what to do.
    logging.getLogger("telegram.ext.AIORateLimiter").setLevel(logging.CRITICAL)
