"""`python -m bot`: the Telegram bot."""

from __future__ import annotations

import asyncio
import sys

from bot.app import serve
from bot.secrecy import keep_secret
from core.errors import SettingsError
from core.logs import configure_logs
from core.settings import get_settings
from core.telemetry import start_telemetry

WITHOUT_BOT = """\
There is no Telegram bot: TELEGRAM_BOT_TOKEN is not set. Everything else works without it.
To add one: send /newbot to @BotFather in Telegram, then set TELEGRAM_BOT_TOKEN to the token that it gives you
and TELEGRAM_BOT_USERNAME to the name that you chose, and start again."""


def main() -> int:
    """Run until stopped. Exit code 0: stopped, or there is no token; 1: the settings are wrong."""
    try:
        settings = get_settings()
        if settings.telegram_bot_token is None:
            print(WITHOUT_BOT)  # noqa: T201 - it is for the person who started this
            return 0
        configure_logs(settings.log_level)
        keep_secret(settings.telegram_bot_token)
        start_telemetry(settings, "bot")
        asyncio.run(serve(settings, settings.telegram_bot_token))
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
