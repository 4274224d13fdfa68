"""A challenge on a telephone: its statement, its sample tests, and how it is answered here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.asking.sheet import Sheet
from bot.asking.steps import Step, steps_of, with_numbers
from bot.buttons import Keyboard, flip_keyboard, pick_keyboard
from bot.forms import Form, form_of
from bot.html import chunks, clip, escape, length, pack, pre
from bot.markdown import blocks_of, with_code
from bot.messages.asking import CUT, asking
from bot.messages.examples import examples
from bot.messages.hints import hint_keyboard
from bot.messages.labels import fits, label, letter
from bot.messages.message import Message, plural
from bot.views import OpenChallenge
from core.words import ProgressStatus
from graders.languages import LANGUAGES

PARTS_MAX = 4
OPTION_MAX = 3500
SHORT_MAX = 700


def challenge_messages(challenge: OpenChallenge) -> list[Message]:
    """The whole challenge in one message, or as many as it takes (4 at most). The buttons are under the last.

    Where it is asked in steps, the first question is a message of its own, for the next one takes its place.
    """
    closing = "\n\n".join(filter(None, [_attempts(challenge), _how(challenge)]))
    texts = pack([_head(challenge), *blocks_of(challenge.description), *_extras(challenge), closing])
    if len(texts) > PARTS_MAX:
        texts = [*texts[: PARTS_MAX - 1], f"{CUT}\n\n{closing}"]
    shown = [*map(Message, texts[:-1]), Message(texts[-1], answer_keyboard(challenge))]
    open_ = challenge.attempts_left != 0 and not challenge.locked
    asked = form_of(challenge.kind) is Form.STEPS and open_
    return [*shown, asking(challenge, steps_for(challenge), first_sheet(challenge))] if asked else shown


def steps_for(challenge: OpenChallenge) -> tuple[Step, ...]:
    """The questions that the learner is asked."""
    return steps_of(challenge.kind, challenge.spec, challenge.finished)


def first_sheet(challenge: OpenChallenge) -> Sheet:
    """Nothing is answered yet."""
    return Sheet(challenge.version, challenge.finished)


def answer_keyboard(challenge: OpenChallenge, selected: int = 0) -> Keyboard:
    """The options of a choice, if it still takes answers, and a hint where there is one."""
    if challenge.locked:
        return ()
    hint = hint_keyboard(challenge.hint) if challenge.hint else ()
    if form_of(challenge.kind) is not Form.BUTTONS or challenge.attempts_left == 0:
        return hint
    return (*_options_keyboard(challenge, selected), *hint)


def _options_keyboard(challenge: OpenChallenge, selected: int) -> Keyboard:
    labels = [label(i, option["text"]) for i, option in enumerate(challenge.spec["options"])]
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
    if form is Form.OUTPUT:
        yield from _source(challenge.spec)
    if form is Form.ESSAY:
        yield from _rubric(challenge.spec)
    if form is Form.STEPS:
        yield from _of_steps(challenge)


def _source(spec: dict[str, Any]) -> Iterator[str]:
    yield pre(spec["source"], OPTION_MAX)
    if spec.get("stdin"):
        yield f"It reads:\n{pre(spec['stdin'], SHORT_MAX)}"


def _rubric(spec: dict[str, Any]) -> Iterator[str]:
    least, most = spec.get("min_words"), spec.get("max_words")
    if least or most:
        bounds = [f"at least {least}" if least else "", f"at most {most}" if most else ""]
        yield f"Words: {' and '.join(filter(None, bounds))}."
    lines = [f"• {clip(one['text'], 160)} · {one['points']:g}" for one in spec.get("rubric", ())]
    if lines:
        yield "\n".join(["<b>What counts</b> · points", *lines])


def _of_steps(challenge: OpenChallenge) -> Iterator[str]:
    """What a question has no room for: long options in full, and which parts are behind the learner."""
    if 0 < len(challenge.finished) < len(challenge.spec.get("parts", ())):
        yield f"You have {plural(len(challenge.finished), 'part')} right already; only the others are asked."
    if challenge.kind == "cloze":
        yield from chunks(with_numbers(challenge.spec["text"]), OPTION_MAX)
    if challenge.kind in ("ordering", "parsons", "matching"):
        yield from _options([{"text": option.text} for option in steps_for(challenge)[0].options])


def _options(options: list[dict[str, Any]]) -> Iterator[str]:
    """The options in full, where the buttons have no room for them."""
    if all(fits(option["text"]) for option in options):
        return
    for i, option in enumerate(options):
        text = with_code(option["text"])
        first, *rest = [text] if length(text) <= OPTION_MAX else chunks(option["text"], OPTION_MAX)
        yield f"<b>{letter(i)}.</b> {first}"
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


def _how_output(challenge: OpenChallenge) -> str:
    return (
        "✍️ Your next message is what the program prints, line by line. Where a line begins with spaces, send it as a "
        "code block or as a text file. /cancel to leave."
    )


def _how_essay(challenge: OpenChallenge) -> str:
    return (
        "✍️ Your next message is your answer; send a long one as a text file (.txt). A person will read it. "
        "/cancel to leave."
    )


def _how_steps(challenge: OpenChallenge) -> str:
    return ""


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
    Form.OUTPUT: _how_output,
    Form.ESSAY: _how_essay,
    Form.STEPS: _how_steps,
    Form.ELSEWHERE: _how_elsewhere,
}


def language_title(name: str) -> str:
    """What people call the language."""
    return LANGUAGES[name].title if name in LANGUAGES else name
