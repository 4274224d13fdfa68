"""One question of a challenge that is asked step by step, with what is answered so far, and its buttons."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.asking.sheet import (
    BACK,
    DONE,
    INDENT,
    OUTDENT,
    PICK,
    SKIP,
    SUBMIT,
    Sheet,
    is_enough,
    picked,
    present,
)
from bot.asking.steps import Step, Way
from bot.buttons import Button, Keyboard, ask_button, rows
from bot.html import LIMIT, clip, length, pre
from bot.markdown import blocks_of
from bot.messages.labels import fits, label, letter
from bot.messages.message import Message
from bot.views import OpenChallenge

# Shares of a message: what was picked, all options that their buttons have no room for, a statement.
PICKED_MAX, OPTIONS_MAX, ABOUT_MAX, SUMMARY_MAX = 900, 1200, 900, 3000
# So many answers are shown before they are sent.
LINES_MAX = 60
CUT = "<i>… It goes on; read the rest on the web page.</i>"


def asking(challenge: OpenChallenge, steps: Sequence[Step], sheet: Sheet) -> Message:
    """The question of the present step; when all are answered, the whole answer to look at before it is sent."""
    if (step := present(steps, sheet)) is None:
        return _summary(challenge, steps, sheet)
    at, single = len(sheet.done), len(steps) == 1
    below = [*_about(step), *_options(step), *_so_far(step, sheet), _how(step, sheet, single)]
    head = "" if single else f"<b>Question {at + 1} of {len(steps)}</b>"
    room = LIMIT - sum(length(block) + 2 for block in [head, *below])
    blocks = [head, *_statement(step.text, room), *below]
    return Message("\n\n".join(filter(None, blocks)), _keyboard(challenge, steps, sheet))


def _statement(text: str, room: int) -> Iterator[str]:
    """As many blocks of a part's text as there is room for."""
    for block in blocks_of(text):
        room -= length(block) + 2
        if room < length(CUT) + 2:
            yield CUT
            return
        yield block


def _about(step: Step) -> Iterator[str]:
    if step.code:
        yield pre(step.code, ABOUT_MAX)
    if step.kind == "matching":
        yield f"<b>{clip(step.about, ABOUT_MAX)}</b>"
    elif step.about:
        yield clip(step.about, ABOUT_MAX)


def _options(step: Step) -> Iterator[str]:
    """The options where the buttons have no room for them."""
    if all(fits(option.text) for option in step.options):
        return
    room = max(OPTIONS_MAX // len(step.options), 20)
    lines = [f"<b>{letter(i)}.</b> {clip(option.text, room)}" for i, option in enumerate(step.options)]
    yield "\n".join(lines)


def _so_far(step: Step, sheet: Sheet) -> Iterator[str]:
    if not sheet.now or step.way is Way.MANY:
        return
    if step.way is Way.LINES:
        lines = ["    " * indent + step.options[number].text for number, indent in sheet.now]
        yield pre("\n".join(lines), PICKED_MAX)
        return
    room = max(PICKED_MAX // len(sheet.now) - 5, 10)
    yield "\n".join(
        f"{place}. {clip(step.options[number].text, room)}" for place, number in enumerate(sheet.now, 1)
    )


def _how(step: Step, sheet: Sheet, single: bool) -> str:
    if step.way is Way.ONE:
        return "👇 Tap your answer; the first tap counts." if single else "👇 Tap your answer."
    if step.way is Way.MANY:
        return f"👇 Tap {_wanted(step)}, then {_done(single)}."
    if step.way is Way.ORDER and is_enough(step, sheet):
        return f"👇 {_done(single)}, or go back to change something."
    if step.way is Way.ORDER:
        return "👇 Tap them in the right order, the first one first."
    if step.way is Way.LINES:
        move = " ⬅️ and ➡️ move the last line." if step.indentation else ""
        return f"👇 Tap the lines from top to bottom.{move} Then {_done(single)}."
    return "✍️ Send it as a message. /cancel to leave."


def _wanted(step: Step) -> str:
    if (step.least, step.most) == (1, len(step.options)):
        return "all that apply"
    return f"{step.least}" if step.least == step.most else f"{step.least} to {step.most}"


def _done(single: bool) -> str:
    return "Submit" if single else "Next"


def _keyboard(challenge: OpenChallenge, steps: Sequence[Step], sheet: Sheet) -> Keyboard:
    step, at = steps[len(sheet.done)], len(sheet.done)

    def button(text: str, code: str) -> Button:
        return ask_button(text, (challenge.id, challenge.version, at), code)

    last: list[Button] = []
    if at or (sheet.now and step.way is not Way.MANY):
        last.append(button("↩️ Back", BACK))
    if step.optional:
        last.append(button("⏭ Leave it out", SKIP))
    if step.indentation and sheet.now:
        last += [button("⬅️", OUTDENT), button("➡️", INDENT)]
    if is_enough(step, sheet):
        last.append(button("✅ Submit" if len(steps) == 1 else "✅ Next", DONE))
    offered = [[button(text, f"{PICK}{i}")] for i, text in _offered(step, sheet)]
    return (*map(tuple, offered), *rows(last, 3))


def _offered(step: Step, sheet: Sheet) -> Iterator[tuple[int, str]]:
    """The options that can be tapped now, with the texts of their buttons."""
    taken = set(picked(step, sheet))
    for i, option in enumerate(step.options):
        if step.way is Way.MANY:
            yield i, f"{'☑' if i in taken else '☐'} {label(i, option.text)}"
        elif i not in taken:
            yield i, _label(step, i, option.text)


def _label(step: Step, index: int, text: str) -> str:
    """Lines of a program are shown as they are; backticks may belong to them."""
    if step.kind == "true_false":
        return text
    return f"{letter(index)}. {text}" if step.way is Way.LINES and fits(text) else label(index, text)


def _summary(challenge: OpenChallenge, steps: Sequence[Step], sheet: Sheet) -> Message:
    room = SUMMARY_MAX // min(len(steps), LINES_MAX) - 10
    given = [_given(step, value) for step, value in zip(steps, sheet.done, strict=True)]
    lines = [f"{number}. {clip(text, room)}" for number, text in enumerate(given[:LINES_MAX], 1)]
    if len(given) > LINES_MAX:
        lines.append(f"…and {len(given) - LINES_MAX} more")
    text = "\n".join(["<b>Your answer</b>", *lines, "", "👇 Send it, or go back to change something."])
    question = (challenge.id, challenge.version, len(steps))
    buttons = ask_button("↩️ Back", question, BACK), ask_button("✅ Submit", question, SUBMIT)
    return Message(text, (buttons,))


def _given(step: Step, value: Any) -> str:
    """What the learner gave, in the words that they saw."""
    if value is None:
        return "(left out)"
    if step.way is Way.TYPED:
        return str(value)
    texts = {json.dumps(option.value): option.text for option in step.options}
    if (whole := texts.get(json.dumps(value))) is not None:
        return f"{step.about} → {whole}" if step.kind == "matching" else whole
    ids = [one["id"] if step.way is Way.LINES else one for one in value]
    return " · ".join(texts[json.dumps(name)] for name in ids)
