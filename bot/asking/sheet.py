"""What a learner has answered so far in a chat, step by step: the state, and what a tap or a message makes of it. Pure.

It lies in the chat's draft, so a restart of the bot loses nothing. It holds what the learner gave and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.asking.steps import Step, Way

INDENT_MAX = 20
PICK, DONE, BACK, INDENT, OUTDENT, SKIP, SUBMIT = "pdbiokS"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`done` holds the values of the steps answered, None for a skipped one; `now` what the present one has so far.

    `version` is the challenge's, `finished` are the parts that are not asked. Of boxes and orders `now` has the numbers
    of the options, of a program pairs of a line's number and its indent.
    """

    version: int
    finished: tuple[str, ...] = ()
    done: tuple[Any, ...] = ()
    now: tuple[Any, ...] = field(default=())

    def as_json(self) -> str:
        return json.dumps([self.version, self.finished, self.done, self.now])


def read_sheet(draft: str | None) -> Sheet | None:
    """The sheet in a chat's draft; None when there is none."""
    try:
        version, *rest = json.loads(draft or "null")
        return Sheet(version, *(tuple(part) for part in rest))
    except (ValueError, TypeError):
        return None


def tapped(steps: Sequence[Step], sheet: Sheet, code: str) -> Sheet:
    """`sheet` after a tap on the button that `code` stands for; itself when it means nothing now."""
    action, number = code[0], int(code[1:] or 0)
    if action == BACK:
        return _back(steps, sheet)
    if len(sheet.done) >= len(steps):
        return sheet
    step = steps[len(sheet.done)]
    if action == PICK and number < len(step.options):
        return _picked(step, sheet, number)
    if action == DONE and is_enough(step, sheet):
        return _answered(sheet, _value(step, sheet))
    if action in (INDENT, OUTDENT) and step.indentation and sheet.now:
        return _moved(sheet, 1 if action == INDENT else -1)
    return _skipped(steps, sheet) if action == SKIP and step.optional else sheet


def typed(steps: Sequence[Step], sheet: Sheet, text: str) -> Sheet | None:
    """`sheet` after a message; None when the present step is answered by buttons."""
    step = present(steps, sheet)
    if step is None or step.way is not Way.TYPED:
        return None
    return _answered(sheet, text.strip() if step.kind == "numeric" else text)


def present(steps: Sequence[Step], sheet: Sheet) -> Step | None:
    """The step that is asked now; None when all are answered."""
    return steps[len(sheet.done)] if len(sheet.done) < len(steps) else None


def is_complete(steps: Sequence[Step], sheet: Sheet) -> bool:
    """Whether every step is answered or skipped."""
    return len(sheet.done) >= len(steps)


def is_enough(step: Step, sheet: Sheet) -> bool:
    """Whether what is picked is an answer to the step."""
    count = len(sheet.now)
    if step.way is Way.MANY:
        return step.least <= count <= step.most
    return count == len(step.options) if step.way is Way.ORDER else step.way is Way.LINES and count > 0


def picked(step: Step, sheet: Sheet) -> list[int]:
    """The numbers of the options that are picked in the present step."""
    return [line[0] for line in sheet.now] if step.way is Way.LINES else list(sheet.now)


def _picked(step: Step, sheet: Sheet, number: int) -> Sheet:
    if step.way is Way.ONE:
        return _answered(sheet, step.options[number].value)
    if step.way is Way.MANY:
        left = tuple(one for one in sheet.now if one != number)
        return replace(sheet, now=left if number in sheet.now else tuple(sorted((*left, number))))
    if step.way is Way.TYPED or number in picked(step, sheet):
        return sheet
    # A line begins where the one above it does: most do, and nothing is given away.
    new = [number, sheet.now[-1][1] if sheet.now else 0] if step.way is Way.LINES else number
    return replace(sheet, now=(*sheet.now, new))


def _moved(sheet: Sheet, by: int) -> Sheet:
    """The last line of the program, further in or out."""
    *above, (number, indent) = sheet.now
    return replace(sheet, now=(*above, [number, min(max(indent + by, 0), INDENT_MAX)]))


def _value(step: Step, sheet: Sheet) -> Any:
    if step.way is Way.LINES:
        return [{"id": step.options[number].value, "indent": indent} for number, indent in sheet.now]
    return [step.options[number].value for number in sheet.now]


def _answered(sheet: Sheet, value: Any) -> Sheet:
    return replace(sheet, done=(*sheet.done, value), now=())


def _skipped(steps: Sequence[Step], sheet: Sheet) -> Sheet:
    """The whole part of the present step is left out, also what of it was answered."""
    part = steps[len(sheet.done)].part
    first = next(i for i, step in enumerate(steps) if step.part == part)
    count = sum(step.part == part for step in steps)
    return replace(sheet, done=(*sheet.done[:first], *[None] * count), now=())


def _back(steps: Sequence[Step], sheet: Sheet) -> Sheet:
    if sheet.now or not sheet.done:
        return replace(sheet, now=sheet.now[:-1])
    count, part = len(sheet.done) - 1, steps[len(sheet.done) - 1].part
    if sheet.done[-1] is None:  # a part that was left out is asked from its beginning
        count = next(i for i, step in enumerate(steps) if step.part == part)
    return replace(sheet, done=sheet.done[:count])
