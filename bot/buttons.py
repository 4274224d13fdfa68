"""Buttons under messages, and the data that they send back: at most 64 bytes, of our making, never trusted.

A choice's buttons carry the challenge's version, so that an edit of its options cannot turn one answer into another,
and the selection so far, so that a restart of the bot loses nothing: what the learner sees is what is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views import ListFilter
from core.words import Difficulty

DATA_MAX = 64

LIST = r"^list:(\d{1,6}):([a-z]*):(\d{0,10})$"
OPEN = r"^open:(\d{1,10})$"
PICK = r"^pick:(\d{1,10}):(\d{1,10}):(\d{1,2})$"
FLIP = r"^flip:(\d{1,10}):(\d{1,10}):(\d{1,2}):([0-9a-f]{1,16})$"
SEND = r"^send:(\d{1,10}):(\d{1,10}):([0-9a-f]{1,16})$"
HINT = r"^hint:(\d{1,10}):(\d{1,3})$"
BUY = r"^buy:(\d{1,10}):(\d{1,3})$"
EDITORIAL = r"^editorial:(\d{1,10})$"
ASK = r"^ask:(\d{1,10}):(\d{1,10}):(\d{1,4}):([a-zA-Z]\d{0,2})$"
LANGUAGE = r"^lang:(\d{1,10}):([A-Za-z0-9_+#.-]{1,32})$"


@dataclass(frozen=True, slots=True)
class Button:
    """`data` comes back when it is tapped."""

    text: str
    data: str

    def __post_init__(self) -> None:
        if not self.text or len(self.data.encode()) > DATA_MAX:
            raise ValueError(
                f"no button for {self.data!r}: it needs a text and at most {DATA_MAX} bytes of data"
            )


Keyboard = tuple[tuple[Button, ...], ...]


def list_button(text: str, page: int, chosen: ListFilter) -> Button:
    """Shows a page (from 0) of the challenges."""
    return Button(text, f"list:{page}:{chosen.difficulty or ''}:{chosen.category_id or ''}")


def read_filter(difficulty: str, category: str) -> ListFilter:
    """The filter in a list button's data; what is unknown there filters nothing."""
    known = Difficulty(difficulty) if difficulty in list(Difficulty) else None
    return ListFilter(known, int(category) if category else None)


def open_button(text: str, challenge_id: int) -> Button:
    """Opens the challenge."""
    return Button(text, f"open:{challenge_id}")


def hint_button(text: str, challenge_id: int, number: int) -> Button:
    """Asks whether the learner wants to pay for the hint."""
    return Button(text, f"hint:{challenge_id}:{number}")


def buy_button(text: str, challenge_id: int, number: int) -> Button:
    """Buys the hint."""
    return Button(text, f"buy:{challenge_id}:{number}")


def editorial_button(text: str, challenge_id: int) -> Button:
    """Shows the editorial."""
    return Button(text, f"editorial:{challenge_id}")


def language_keyboard(challenge_id: int, languages: Sequence[str]) -> Keyboard:
    """Asks in which language the waiting program is."""
    return rows([Button(name, f"lang:{challenge_id}:{name}") for name in languages], 3)


def pick_keyboard(challenge_id: int, version: int, labels: Sequence[str]) -> Keyboard:
    """A single choice: the first tap is the answer."""
    return tuple((Button(label, f"pick:{challenge_id}:{version}:{i}"),) for i, label in enumerate(labels))


def flip_keyboard(challenge_id: int, version: int, labels: Sequence[str], selected: int) -> Keyboard:
    """A multiple choice: bit i of `selected` says whether option i is selected."""
    start = f"{challenge_id}:{version}"
    boxes = [
        (Button(f"{'☑' if selected >> i & 1 else '☐'} {label}", f"flip:{start}:{i}:{selected:x}"),)
        for i, label in enumerate(labels)
    ]
    return (*boxes, (Button("✅ Submit", f"send:{start}:{selected:x}"),))


def ask_button(text: str, question: tuple[int, int, int], code: str) -> Button:
    """A button of a question that is asked in steps: `question` is challenge, version and number of the step."""
    return Button(text, f"ask:{':'.join(map(str, question))}:{code}")


def bits(selected: int) -> list[int]:
    """The positions of the options in a selection."""
    return [i for i in range(selected.bit_length()) if selected >> i & 1]


def rows(buttons: Sequence[Button], width: int) -> Keyboard:
    """`buttons` in rows of at most `width`."""
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))
