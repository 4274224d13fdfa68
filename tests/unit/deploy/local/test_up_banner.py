from pathlib import Path

import pytest

from deploy.local.processes import procfile_commands
from deploy.local.up import address, banner, stack_commands

ENV = {"HOST": "127.0.0.1", "PORT": "8000"}


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("box.example", "http://box.example:8000"),
    ],
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, expected: str) -> None:
    assert address({"HOST": host, "PORT": "8000"}) == expected


def test_the_banner_names_the_page_and_the_accounts() -> None:
    text = banner(ENV, Path("/somewhere/var"))
    assert "http://127.0.0.1:8000/api/docs" in text
    assert "/somewhere/var/accounts.txt" in text


def test_without_a_token_the_bot_stays_off_and_the_banner_says_how_to_add_it() -> None:
    assert "bot" not in stack_commands(ENV)
    assert "TELEGRAM_BOT_TOKEN" in banner(ENV, Path("var"))


def test_with_a_token_the_bot_is_started() -> None:
    env = {**ENV, "TELEGRAM_BOT_TOKEN": "1:x"}
    assert stack_commands(env) == procfile_commands()
    assert "TELEGRAM_BOT_TOKEN" not in banner(env, Path("var"))


def test_the_procfile_has_the_five_processes() -> None:
    assert list(procfile_commands()) == ["web", "knowledge", "worker", "sweeper", "bot"]
