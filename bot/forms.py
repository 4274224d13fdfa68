"""How a challenge of each kind is answered in a chat."""

from __future__ import annotations

from enum import Enum, auto

from bot.asking.steps import is_asked
from graders.code.program import ProgramGrader
from graders.registry import GRADERS


class Form(Enum):
    """What the chat does to get an answer."""

    BUTTONS = auto()
    TEXT = auto()
    NUMBER = auto()
    PROGRAM = auto()
    OUTPUT = auto()
    ESSAY = auto()
    # One question after the other; see bot.asking.
    STEPS = auto()
    ELSEWHERE = auto()


FORMS = {
    "choice": Form.BUTTONS,
    "text": Form.TEXT,
    "numeric": Form.NUMBER,
    "output_prediction": Form.OUTPUT,
    "essay": Form.ESSAY,
}
# One message is the answer, or for some a file.
WRITTEN = frozenset({Form.TEXT, Form.NUMBER, Form.OUTPUT, Form.ESSAY})


def form_of(kind: str) -> Form:
    """The form of a kind; kinds of plugins, which a chat cannot ask for, are answered on the web page."""
    if isinstance(GRADERS.get(kind), ProgramGrader):
        return Form.PROGRAM
    return FORMS.get(kind) or (Form.STEPS if is_asked(kind) else Form.ELSEWHERE)
