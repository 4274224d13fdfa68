"""Which updates a handler takes: only those of private chats, each kind of update once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackContext, CallbackQueryHandler, MessageHandler, filters

# Telegram marks "/word" at the start as a command, but a program may start with a comment: only known words count.
WORD = r"^/{name}(?:@\w+)?(?:\s+([\s\S]*))?$"
ANY_COMMAND = r"^/[A-Za-z_]+(?:@\w+)?(?:\s|$)"

Context = CallbackContext[Any, Any, Any, Any]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]
Handler = BaseHandler[Any, Any, Any]

NEW = filters.UpdateType.MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE


def command(name: str, callback: Callback) -> Handler:
    """`/name`, with or without words behind it."""
    return MessageHandler(PRIVATE & filters.Regex(WORD.format(name=name)), callback)


def tap(pattern: str, callback: Callback) -> Handler:
    """A tap on a button whose data fits `pattern`."""
    return CallbackQueryHandler(callback, pattern=pattern)


def words(context: Context) -> tuple[str, ...]:
    """The groups that the pattern of `command` or `tap` found; a missing one is empty."""
    return tuple(group or "" for group in context.match.groups()) if context.match else ()
