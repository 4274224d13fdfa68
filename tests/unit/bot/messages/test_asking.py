"""Questions that are asked step by step, as a learner sees them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.asking.sheet import BACK, DONE, INDENT, PICK, Sheet, tapped, typed
from bot.asking.steps import steps_of
from bot.html import LIMIT, length
from bot.messages.asking import asking
from bot.messages.challenge import challenge_messages
from bot.views import OpenChallenge
from core.words import Difficulty, ProgressStatus
from graders.registry import GRADERS
from tests.functional.telegram.telegram_html import plain_text
from tests.unit.graders.knowledge.samples import SAMPLES

ANY = st.text(min_size=1)


def opened(kind, spec=None, **fields):
    return OpenChallenge(
        id=7,
        version=2,
        title="Which?",
        description="",
        category=None,
        difficulty=Difficulty.BEGINNER,
        points=10,
        kind=kind,
        spec=GRADERS[kind].redact(spec or SAMPLES[kind].spec),
        languages=(),
        attempts_max=None,
        attempts=0,
        status=ProgressStatus.STARTED,
        **fields,
    )


def after(challenge, *codes):
    """The message after these taps; a code in a tuple is typed."""
    steps, sheet = steps_of(challenge.kind, challenge.spec, challenge.finished), Sheet(2, challenge.finished)
    for code in codes:
        sheet = typed(steps, sheet, code[0]) if isinstance(code, tuple) else tapped(steps, sheet, code)
    return asking(challenge, steps, sheet)


def lines(message):
    return [line for line in plain_text(message.text).splitlines() if line]


def labels(message):
    return [button.text for row in message.keyboard for button in row]


def test_a_statement_is_asked_by_two_buttons():
    message = after(opened("true_false"))
    assert lines(message) == ["👇 Tap your answer; the first tap counts."]
    assert labels(message) == ["True", "False"]


def test_an_order_grows_and_is_submitted_when_all_are_placed():
    challenge = opened("ordering")
    items = [item["text"] for item in challenge.spec["items"]]
    assert lines(after(challenge, f"{PICK}2", f"{PICK}0"))[:2] == [f"1. {items[2]}", f"2. {items[0]}"]
    assert labels(after(challenge, f"{PICK}2"))[-1] == "↩️ Back"
    assert labels(after(challenge, *(f"{PICK}{i}" for i in range(4)))) == ["↩️ Back", "✅ Submit"]


def test_a_matching_is_asked_left_one_by_left_one_and_shown_before_it_is_sent():
    challenge = opened("matching")
    assert lines(after(challenge))[:2] == ["Question 1 of 3", "left a"]
    right = [item["text"] for item in challenge.spec["right"]]
    summary = after(challenge, f"{PICK}3", f"{PICK}0", f"{PICK}3")
    assert lines(summary)[:3] == ["Your answer", f"1. left a → {right[3]}", f"2. left b → {right[0]}"]
    assert labels(summary) == ["↩️ Back", "✅ Submit"]


def test_a_program_is_shown_as_it_grows_and_its_last_line_can_be_moved():
    challenge = opened("parsons")
    texts = [line["text"] for line in challenge.spec["lines"]]
    message = after(challenge, f"{PICK}1", f"{PICK}0", INDENT)
    assert f"<pre>{texts[1]}\n    {texts[0]}</pre>" in message.text
    assert labels(message)[-4:] == ["↩️ Back", "⬅️", "➡️", "✅ Submit"]


def test_a_blank_is_asked_in_its_text():
    message = after(opened("cloze"), ("Hoare",))
    assert lines(message)[:2] == ["Question 2 of 3", "[1] wrote [ ❓ ] in [3]."]
    assert labels(message) == ["A. one", "B. two", "C. three", "↩️ Back"]


def test_of_a_multipart_only_unfinished_parts_are_asked():
    finished = tuple(part["id"] for part in SAMPLES["multipart"].spec["parts"][1:])
    first, *_, question = challenge_messages(opened("multipart", finished=finished))
    assert "You have 7 parts right already; only the others are asked." in plain_text(first.text)
    assert lines(question)[0] == "part choice"
    assert "⏭ Leave it out" in labels(question)


def test_back_takes_the_last_answer_back():
    challenge = opened("matching")
    assert after(challenge, f"{PICK}1", BACK) == after(challenge)


def test_no_attempts_left_asks_nothing():
    spent = replace(opened("ordering"), attempts_max=1, attempts=1)
    assert all(not message.keyboard for message in challenge_messages(spent))


def test_an_essay_shows_what_counts_and_an_output_its_program():
    [essay] = challenge_messages(opened("essay"))
    assert "• Names a cost. · 2" in plain_text(essay.text)
    [output] = challenge_messages(opened("output_prediction"))
    assert "<pre>print(...)</pre>" in output.text


@given(st.lists(ANY, min_size=50, max_size=50), st.integers(1, 90), st.integers(0, 50))
def test_every_question_fits_into_a_message(texts, size, picked):
    items = [{"id": f"i{i}", "text": (text * size)[:2000]} for i, text in enumerate(texts)]
    matching = {"left": items[:9], "right": items, "credit": "each_pair"}
    parsons = {"language": None, "indentation": True, "credit": "", "distractors": True, "lines": items}
    parts = [
        {"id": kind, "text": texts[0] * size, "kind": kind, "points": 1, "required": False, "spec": spec}
        for kind, spec in (("matching", matching), ("ordering", {"items": items}), ("parsons", parsons))
    ]
    challenge = replace(opened("multipart"), spec={"parts": parts})
    taps = [f"{PICK}{i % 50}" for i in range(9 + picked)]
    for codes in (taps, [*taps, *[DONE] * 2], [*taps, DONE, f"{PICK}0", INDENT, DONE]):
        message = after(challenge, *codes)
        assert length(message.text) <= LIMIT
        plain_text(message.text)
