"""The composition root: one process that polls, answers and notifies."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import Any

from telegram import BotCommand
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.desk import Desk
from bot.handlers.account import Account
from bot.handlers.answering import Answering
from bot.handlers.asking import Asking
from bot.handlers.browsing import Browsing
from bot.handlers.choosing import Choosing
from bot.handlers.helping import Helping
from bot.handlers.matching import Handler
from bot.handlers.otherwise import Otherwise
from bot.messages.sentences import COMMANDS
from bot.notifier import Notifier
from bot.pace import Pace
from bot.polling import Poller, TolerantRequest
from bot.runtime import Runtime, open_runtime
from core.errors import SettingsError
from core.flusher import start_flusher
from core.settings import Settings

log = logging.getLogger(__name__)

TIMEOUTS: dict[str, Any] = {
    "connect_timeout": 5.0,
    "read_timeout": 10.0,
    "write_timeout": 10.0,
    "pool_timeout": 10.0,
}
CONNECTIONS = 64
BACKOFF_MAX = 30.0

Bot = Application[Any, Any, Any, Any, Any, Any]


async def serve(settings: Settings, token: str) -> None:
    """Run until SIGTERM or SIGINT. Raises SettingsError when Telegram refuses the token."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    runtime = open_runtime(settings)
    start_flusher(runtime.sessions)
    application = build(settings, token, runtime)
    try:
        if await _connect(application, stopping):
            await _introduce(application, settings)
            await asyncio.gather(
                Poller(application, stopping).run(), Notifier(application.bot, runtime, stopping).run()
            )
    except InvalidToken as error:
        raise SettingsError(
            "Telegram refuses TELEGRAM_BOT_TOKEN. Ask @BotFather for the current one."
        ) from error
    finally:
        await application.shutdown()


def build(settings: Settings, token: str, runtime: Runtime) -> Bot:
    """The application with all its handlers; nothing is connected yet."""
    root = settings.telegram_api_base_url
    application: Bot = (
        Application.builder()
        .token(token)
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .request(HTTPXRequest(connection_pool_size=CONNECTIONS, **TIMEOUTS))
        .get_updates_request(TolerantRequest(**TIMEOUTS))
        .rate_limiter(Pace())
        .updater(None)
        .job_queue(None)
        .build()
    )
    desk = Desk(application.bot, runtime)
    application.add_handlers(_handlers(desk))
    application.add_error_handler(Otherwise(desk).failed)
    return application


def _handlers(desk: Desk) -> list[Handler]:
    """In the order they are asked; the first that fits takes the update."""
    otherwise, asking = Otherwise(desk), Asking(desk)
    return [
        *Account(desk).handlers(),
        *Browsing(desk).handlers(),
        *Choosing(desk).handlers(),
        *Helping(desk).handlers(),
        *asking.handlers(),
        *otherwise.unknown_commands(),
        *Answering(desk, asking).handlers(),
        *otherwise.handlers(),
    ]


async def _connect(application: Bot, stopping: asyncio.Event) -> bool:
    """Get through to Telegram, however long it takes. False: told to stop first. Raises InvalidToken."""
    seconds = 1.0
    while not stopping.is_set():
        try:
            await application.initialize()
            return True
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram does not answer, trying again in %s s: %s", seconds, error)
        try:
            await asyncio.wait_for(stopping.wait(), seconds)
        except TimeoutError:
            seconds = min(2 * seconds, BACKOFF_MAX)
    return False


async def _introduce(application: Bot, settings: Settings) -> None:
    """Tell Telegram how this bot works; what fails here is not worth staying away for."""
    bot, wanted = application.bot, settings.telegram_bot_username
    log.info("the bot is @%s", bot.username)
    if wanted and wanted.lower() != bot.username.lower():
        log.warning(
            "TELEGRAM_BOT_USERNAME is %s, so links lead to another bot than this one, @%s",
            wanted,
            bot.username,
        )
    try:
        await bot.delete_webhook()
        await bot.set_my_commands([BotCommand(name, text) for name, text in COMMANDS])
    except TelegramError as error:
        log.warning("the list of commands could not be set: %s", error)
