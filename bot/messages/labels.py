"""Options on buttons: a letter, and the text where it fits."""

from __future__ import annotations

from bot.html import length
from bot.markdown import without_code_marks

LABEL_MAX = 40


def label(index: int, text: str) -> str:
    """What the button of an option says; one whose text is too long has its letter only."""
    return f"{letter(index)}. {without_code_marks(text)}" if fits(text) else letter(index)


def fits(text: str) -> bool:
    """Whether a button has room for the text."""
    return length(text) <= LABEL_MAX and "\n" not in text


def letter(index: int) -> str:
    """A, B ... Z, AA, AB ... as in a spreadsheet."""
    return chr(65 + index) if index < 26 else f"A{chr(65 + index - 26)}"
