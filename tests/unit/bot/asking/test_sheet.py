"""Whatever a learner taps, question by question: what comes out can be handed in, and the key is nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking.sheet import (
    BACK,
    DONE,
    INDENT,
    OUTDENT,
    PICK,
    SKIP,
    Sheet,
    present,
    read_sheet,
    tapped,
    typed,
)
from bot.asking.steps import Way, answer_of, steps_of
from graders.registry import GRADERS
from tests.unit.graders.knowledge.samples import MARK, SAMPLES

KINDS = sorted(set(SAMPLES) - {"essay"})
CODES = st.sampled_from([BACK, DONE, INDENT, OUTDENT, SKIP, *(f"{PICK}{i}" for i in range(6))])


def shown(kind: str) -> dict[str, Any]:
    return GRADERS[kind].show(SAMPLES[kind].spec, "17:4")


def value_at(answer: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        answer = answer[name]
    return answer


def answered(kind: str, answer: dict[str, Any]) -> dict[str, Any]:
    """What comes out when a learner means `answer` and gives it by buttons and messages."""
    steps = steps_of(kind, shown(kind))
    sheet = Sheet(1)
    for step in steps:
        for code in codes_for(step, value_at(answer, step.path)):
            sheet = (
                tapped(steps, sheet, code)
                if code[0] in PICK + DONE + INDENT
                else typed(steps, sheet, code[1:])
            )
        sheet = read_sheet(sheet.as_json())  # as after a restart
    assert present(steps, sheet) is None
    return answer_of(steps, sheet.done)


def codes_for(step, value) -> list[str]:
    if step.way is Way.TYPED:
        return [" " + (value if isinstance(value, str) else str(value))]
    if step.way is Way.ONE:
        return [f"{PICK}{[option.value for option in step.options].index(value)}"]
    ids = [option.value for option in step.options]
    if step.way is Way.LINES:
        return [*(code for line in value for code in line_codes(ids, line)), DONE]
    return [*(f"{PICK}{ids.index(name)}" for name in value), DONE]


def line_codes(ids, line) -> list[str]:
    return [f"{PICK}{ids.index(line['id'])}", *[INDENT] * line.get("indent", 0)]


def test_every_kind_that_is_asked_in_steps_can_be_answered_right():
    for kind in ("choice", "true_false", "text", "ordering", "matching", "output_prediction", "cloze"):
        report = grade(kind, answered(kind, SAMPLES[kind].right))
        assert (kind, report.score) == (kind, 1.0)


def grade(kind, answer):
    return GRADERS[kind].summarise(
        SAMPLES[kind].spec, list(GRADERS[kind].validate_submission(SAMPLES[kind].spec, answer))
    )


def test_a_program_is_built_line_by_line_and_indented():
    steps = steps_of("parsons", shown("parsons"))
    ids, sheet = [option.value for option in steps[0].options], Sheet(1)
    for code in (f"{PICK}{ids.index('q')}", f"{PICK}{ids.index('b')}", INDENT, INDENT, OUTDENT):
        sheet = tapped(steps, sheet, code)
    sheet = tapped(steps, tapped(steps, sheet, f"{PICK}{ids.index('x')}"), DONE)
    lines = [{"id": "q", "indent": 0}, {"id": "b", "indent": 1}, {"id": "x", "indent": 1}]
    assert answer_of(steps, sheet.done) == {"lines": lines}


@pytest.mark.parametrize("kind", KINDS)
@given(codes=st.lists(CODES, max_size=30), words=st.text(max_size=5))
def test_whatever_is_tapped_stays_answerable_and_holds_no_key(kind, codes, words):
    steps, sheet = steps_of(kind, shown(kind)), Sheet(1)
    for code in codes:
        sheet = typed(steps, sheet, words) or tapped(steps, sheet, code)
        assert read_sheet(sheet.as_json()).as_json() == sheet.as_json()
        assert len(sheet.done) <= len(steps)
    assert MARK not in sheet.as_json()
    if present(steps, sheet) is None:
        json.dumps(answer_of(steps, sheet.done))


def test_a_part_that_may_be_left_out_is_left_out_whole_and_asked_again_after_back():
    steps = steps_of(
        "multipart", shown("multipart"), finished={"choice", "true_false", "text", "numeric", "ordering"}
    )
    sheet = tapped(steps, tapped(steps, Sheet(1), f"{PICK}0"), SKIP)
    assert sheet.done == (None, None, None)
    assert tapped(steps, sheet, BACK).done == ()


def test_finished_parts_are_not_asked_unless_that_leaves_none():
    parts = {part["id"] for part in shown("multipart")["parts"]}
    assert {step.part for step in steps_of("multipart", shown("multipart"), parts - {"text"})} == {"text"}
    assert {step.part for step in steps_of("multipart", shown("multipart"), parts)} == parts


def test_nothing_answered_at_all_is_an_empty_answer_not_a_crash():
    steps = steps_of("multipart", shown("multipart"))
    assert answer_of(steps, [None] * len(steps)) == {"parts": {}}


@pytest.mark.parametrize("draft", [None, "", "print(1)", "7", "[]", "null", "[1, 2]"])
def test_a_draft_that_is_no_sheet_is_none(draft):
    assert read_sheet(draft) is None
