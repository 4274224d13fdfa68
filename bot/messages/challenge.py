"""A challenge on a telephone: its statement, its sample tests, and how it is answered here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.buttons import Keyboard, flip_keyboard, pick_keyboard
from bot.forms import Form, form_of
from bot.html import chunks, clip, escape, length, pack
from bot.markdown import blocks_of, with_code, without_code_marks
from bot.messages.examples import examples
from bot.messages.hints import hint_keyboard
from bot.messages.message import Message, plural
from bot.views import OpenChallenge
from core.words import ProgressStatus
from graders.languages import LANGUAGES

PARTS_MAX = 4
LABEL_MAX = 40
OPTION_MAX = 3500
CUT = "<i>… It goes on; read the rest on the web page.</i>"


def challenge_messages(challenge: OpenChallenge) -> list[Message]:
    """The whole challenge in one message, or as many as it takes (4 at most). The buttons are under the last."""
    closing = "\n\n".join(filter(None, [_attempts(challenge), _how(challenge)]))
    texts = pack([_head(challenge), *blocks_of(challenge.description), *_extras(challenge), closing])
    if len(texts) > PARTS_MAX:
        texts = [*texts[: PARTS_MAX - 1], f"{CUT}\n\n{closing}"]
    return [*map(Message, texts[:-1]), Message(texts[-1], answer_keyboard(challenge))]


def answer_keyboard(challenge: OpenChallenge, selected: int = 0) -> Keyboard:
    """The options of a choice, if it still takes answers, and a hint where there is one."""
    if challenge.locked:
        return ()
    hint = hint_keyboard(challenge.hint) if challenge.hint else ()
    if form_of(challenge.kind) is not Form.BUTTONS or challenge.attempts_left == 0:
        return hint
    return (*_options_keyboard(challenge, selected), *hint)


def _options_keyboard(challenge: OpenChallenge, selected: int) -> Keyboard:
    labels = [_label(i, option["text"]) for i, option in enumerate(challenge.spec["options"])]
    if challenge.spec["multiple"]:
        return flip_keyboard(challenge.id, challenge.version, labels, selected)
    return pick_keyboard(challenge.id, challenge.version, labels)


def _head(challenge: OpenChallenge) -> str:
    facts = [challenge.difficulty.value, plural(challenge.points, "point")]
    if challenge.category:
        facts.insert(0, clip(challenge.category, 64))
    if (
        challenge.available not in (None, challenge.points)
        and challenge.status is not ProgressStatus.COMPLETED
    ):
        facts[-1] += f", {challenge.available} now"
    solved = "\n✅ You have solved it." if challenge.status is ProgressStatus.COMPLETED else ""
    return f"<b>{challenge.id}. {clip(challenge.title, 200)}</b>\n<i>{' · '.join(facts)}</i>{solved}"


def _extras(challenge: OpenChallenge) -> Iterator[str]:
    form = form_of(challenge.kind)
    if form is Form.BUTTONS:
        yield from _options(challenge.spec["options"])
    if form is Form.PROGRAM:
        yield from examples(challenge.spec)


def _options(options: list[dict[str, Any]]) -> Iterator[str]:
    """The options in full, where the buttons have no room for them."""
    if all(_fits(option["text"]) for option in options):
        return
    for i, option in enumerate(options):
        text = with_code(option["text"])
        first, *rest = [text] if length(text) <= OPTION_MAX else chunks(option["text"], OPTION_MAX)
        yield f"<b>{_letter(i)}.</b> {first}"
        yield from rest


def _attempts(challenge: OpenChallenge) -> str:
    if challenge.attempts_left is None:
        return ""
    if challenge.attempts_left == 0:
        return "🚫 You have no attempts left for this challenge."
    return f"Attempts left: {challenge.attempts_left} of {challenge.attempts_max}."


def _how(challenge: OpenChallenge) -> str:
    if challenge.locked:
        return f"🔒 This challenge is locked. First {escape(challenge.locked)}."
    return "" if challenge.attempts_left == 0 else HOW[form_of(challenge.kind)](challenge)


def _how_buttons(challenge: OpenChallenge) -> str:
    if not challenge.spec["multiple"]:
        return "👇 Tap your answer; the first tap counts."
    least, most = challenge.spec["min_selections"], challenge.spec["max_selections"]
    wanted = "all that apply"
    if (least, most) != (1, len(challenge.spec["options"])):
        wanted = f"{least}" if least == most else f"{least} to {most}"
    return f"👇 Tap {wanted}, then Submit."


def _how_text(challenge: OpenChallenge) -> str:
    case = " Capital or small letters are the same." if challenge.spec.get("ignore_case") else ""
    return f"✍️ Your next message is your answer.{case} /cancel to leave."


def _how_number(challenge: OpenChallenge) -> str:
    unit = " with its unit" if challenge.spec.get("unit_required") else ""
    return f"✍️ Your next message is your answer: a number{unit}. /cancel to leave."


def _how_program(challenge: OpenChallenge) -> str:
    names = ", ".join(escape(language_title(name)) for name in challenge.languages)
    file = LANGUAGES[challenge.languages[0]].file_name if challenge.languages else "solution.py"
    return (
        f"💻 Send your program as a file ({escape(file)}) or as a code block. "
        f"Languages: {names}. /cancel to leave."
    )


def _how_elsewhere(challenge: OpenChallenge) -> str:
    return "🌐 This kind of challenge is answered on the web page."


HOW = {
    Form.BUTTONS: _how_buttons,
    Form.TEXT: _how_text,
    Form.NUMBER: _how_number,
    Form.PROGRAM: _how_program,
    Form.ELSEWHERE: _how_elsewhere,
}


def language_title(name: str) -> str:
    """What people call the language."""
    return LANGUAGES[name].title if name in LANGUAGES else name


def _label(index: int, text: str) -> str:
    return f"{_letter(index)}. {without_code_marks(text)}" if _fits(text) else _letter(index)


def _fits(text: str) -> bool:
    return length(text) <= LABEL_MAX and "\n" not in text


def _letter(index: int) -> str:
    """A, B ... Z, AA, AB ... as in a spreadsheet."""
    return chr(65 + index) if index < 26 else f"A{chr(65 + index - 26)}"
