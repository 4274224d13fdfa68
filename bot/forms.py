"""How a challenge of each kind is answered in a chat."""

from __future__ import annotations

from enum import Enum, auto

from graders.code.program import ProgramGrader
from graders.registry import GRADERS


class Form(Enum):
    """What the chat does to get an answer."""

    BUTTONS = auto()
    TEXT = auto()
    NUMBER = auto()
    PROGRAM = auto()
    ELSEWHERE = auto()


FORMS = {"choice": Form.BUTTONS, "text": Form.TEXT, "numeric": Form.NUMBER}


def form_of(kind: str) -> Form:
    """The form of a kind; kinds that a chat cannot ask for yet are answered on the web page."""
    if isinstance(GRADERS.get(kind), ProgramGrader):
        return Form.PROGRAM
    return FORMS.get(kind, Form.ELSEWHERE)
