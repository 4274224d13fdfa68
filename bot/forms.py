"""How a challenge of each kind is answered in a chat."""

from __future__ import annotations

from enum import Enum, auto


class Form(Enum):
    """What the chat does to get an answer."""

    BUTTONS = auto()
    TEXT = auto()
    NUMBER = auto()
    PROGRAM = auto()
    ELSEWHERE = auto()


FORMS = {"choice": Form.BUTTONS, "text": Form.TEXT, "numeric": Form.NUMBER, "code.batch": Form.PROGRAM}


def form_of(kind: str) -> Form:
    """The form of a kind; kinds that a chat cannot ask for yet are answered on the web page."""
    return FORMS.get(kind, Form.ELSEWHERE)
