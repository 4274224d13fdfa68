"""What every message is: text in Telegram's HTML, and the buttons below it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.buttons import Keyboard


@dataclass(frozen=True, slots=True)
class Message:
    """At most 4096 long. No buttons when `keyboard` is empty."""

    text: str
    keyboard: Keyboard = ()


def plural(count: int, noun: str) -> str:
    """`1 point`, `2 points`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
