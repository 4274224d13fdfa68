"""The token is in every address, and in no line of the log."""

import logging

from bot.secrecy import Discreet

TOKEN = "123:secret"


def test_the_token_is_hidden_in_messages_arguments_and_stacks():
    formatter = Discreet(logging.Formatter("%(message)s"), TOKEN)
    try:
        raise ValueError(f"POST /bot{TOKEN}/getMe")
    except ValueError as error:
        stack = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "to %s", (f"/bot{TOKEN}/",), stack)
    text = formatter.format(record)
    assert TOKEN not in text
    assert "to /bot<token>/" in text
    assert "POST /bot<token>/getMe" in text
